// Measures how long a page is looked at, and tells the site about it once the page is left.
//
// A view begins when the page becomes visible and ends when it is hidden: another tab, another
// page, a closed window. It is told once, by a beacon, which the browser delivers even while the
// page goes away. A tab that comes back begins the next view.
(function () {
  "use strict";

  var panel = document.querySelector("[data-view]");
  if (!panel) {
    return;
  }
  // Shorter than a glance: a page that is only passed through on the way back, or reloads.
  var SHORTEST = 0.25;
  var EVERY = 250;
  // The group's mean stands at two thirds of the bar.
  var SCALE = 1.5;

  var mean = parseFloat(panel.dataset.mean);
  var time = panel.querySelector("[data-view-time]");
  var bar = panel.querySelector("[data-view-bar]");
  var said = panel.querySelector("[data-view-passed]");
  var number = 1;
  var since = null;
  var ticking = null;
  var passed = false;

  function seconds() {
    return (performance.now() - since) / 1000;
  }

  function show() {
    var now = seconds();
    time.textContent = Math.floor(now) + " s";
    bar.setAttribute("width", Math.min(100, (100 * now) / (SCALE * mean || 1)).toFixed(1) + "%");
    if (!passed && mean > 0 && now > mean) {
      passed = true;
      panel.classList.add("site-over");
      said.textContent =
        "You have now stayed longer than " + panel.dataset.others + " does on " +
        panel.dataset.section + ": " + mean.toFixed(1) + " s on average.";
    }
  }

  function begin() {
    if (since !== null || document.visibilityState !== "visible") {
      return;
    }
    since = performance.now();
    passed = false;
    panel.classList.remove("site-over");
    said.textContent = "";
    show();
    ticking = setInterval(show, EVERY);
  }

  function end() {
    if (since === null) {
      return;
    }
    var took = seconds();
    since = null;
    clearInterval(ticking);
    if (took < SHORTEST) {
      return;
    }
    var told = new URLSearchParams({
      token: panel.dataset.token,
      number: String(number),
      seconds: took.toFixed(3),
    });
    number += 1;
    if (!navigator.sendBeacon(panel.dataset.url, told)) {
      // The browser's queue of beacons is full.
      fetch(panel.dataset.url, { method: "POST", body: told, keepalive: true });
    }
  }

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      end();
    } else {
      begin();
    }
  });
  // Some browsers leave a page without having hidden it.
  window.addEventListener("pagehide", end);
  window.addEventListener("pageshow", begin);
  begin();
})();
