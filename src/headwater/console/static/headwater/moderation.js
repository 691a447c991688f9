// Moderation: keys of the queue, what was refused, the item kept while it is read, ticks of the list.
(function () {
  "use strict";

  var KEEP_EVERY = 100 * 1000;
  var busy = false;

  function desk() {
    return document.querySelector("[data-desk]");
  }

  // --- keys can be turned off: who speaks to the browser would press them by words ---
  var CHOSEN = "headwater-moderation-keys";
  var root = document.documentElement;

  function showKeys(on) {
    var hint = document.querySelector("[data-keys-hint]");
    root.classList.toggle("hw-mod-keys-off", !on);
    if (hint) {
      hint.hidden = false;
      hint.querySelector("[data-keys-told]").hidden = !on;
      hint.querySelector("[data-keys-switch]").textContent = on ? "Turn the keys off" : "Turn the keys on";
    }
  }

  function stored() {
    try {
      return window.localStorage.getItem(CHOSEN) !== "off";
    } catch (refused) {
      return true;
    }
  }

  var keysOn = stored();
  showKeys(keysOn);
  var change = document.querySelector("[data-keys-switch]");
  if (change) {
    change.addEventListener("click", function () {
      keysOn = !keysOn;
      showKeys(keysOn);
      try {
        window.localStorage.setItem(CHOSEN, keysOn ? "on" : "off");
      } catch (refused) {
        // It holds for this page, then.
      }
    });
  }

  // --- one key, one verb; never while somebody writes, and never twice for one press ---
  document.addEventListener("keydown", function (event) {
    var place = desk();
    if (!place || !keysOn || busy || event.repeat || event.defaultPrevented) {
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    var key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((key === "Space" || key === "Enter") && event.target.closest("a, button, summary")) {
      return;
    }
    var button = Array.prototype.find.call(place.querySelectorAll("[data-key]"), function (one) {
      return one.dataset.key.split(" ").indexOf(key) >= 0 && !one.disabled;
    });
    if (button) {
      event.preventDefault();
      busy = true;
      button.click();
    }
  });

  document.body.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.closest("[data-desk]")) {
      busy = true;
    }
  });
  // Only once it has settled are the forms of the next item sent by a script.
  document.body.addEventListener("htmx:afterSettle", function () {
    busy = false;
  });

  // --- what the server did not take is said where the last decision stood ---
  function fail(form, sentence, link) {
    busy = false;
    setTimeout(function () {
      // Nothing was decided as far as this page knows: the same can be pressed again.
      document.querySelectorAll("[data-desk] button").forEach(function (button) {
        button.disabled = false;
      });
    }, 0);
    var place = document.querySelector("[data-desk-last]");
    var template = document.querySelector("[data-desk-failed]");
    if (!place || !template) {
      return;
    }
    var line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-told]").textContent = sentence;
    line.querySelector("[data-sign-in]").hidden = link !== "sign-in";
    line.querySelector("[data-elsewhere]").hidden = link !== "elsewhere";
    if (place.contains(form)) {
      line.append(form); // undoing can be pressed again; what it would undo is told by the desk
    }
    place.replaceChildren(line);
    window.scrollTo(0, 0);
  }

  function notDone(form, reason, link) {
    fail(form, reason.replace(/\.\s*$/, "") + "; " + form.dataset.notDone + ".", link);
  }

  // In front of the page’s own banner, which is about pages that ask again by themselves.
  ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:beforeSwap"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = (event.detail.elt || event.target).closest("[data-not-done]");
      if (!form) {
        return;
      }
      var answer = event.detail.xhr;
      if (name === "htmx:sendError" || name === "htmx:timeout") {
        event.stopPropagation();
        fail(form, form.dataset.notSent + ": the server cannot be reached. Press again.", "");
      } else if (name === "htmx:beforeSwap") {
        if (answer.status < 300 && answer.responseText.indexOf("data-desk") < 0) {
          event.detail.shouldSwap = false;
          notDone(form, "The server answered with another page; you may be signed out", "sign-in");
        }
      } else if (answer.getResponseHeader("X-Headwater-Reason")) {
        notDone(form, answer.responseText, answer.status === 401 ? "sign-in" : answer.status === 404 ? "elsewhere" : "");
      } else if (answer.status === 401 || answer.status === 403) {
        notDone(form, "You are signed out, or this page is out of date", "sign-in");
      } else {
        notDone(form, "The server answered with error " + answer.status, "");
      }
    }, true);
  });

  // --- the next item: read from its top, told to screen readers, counted in the navigation ---
  document.body.addEventListener("htmx:afterSwap", function () {
    var place = desk();
    if (!place) {
      return;
    }
    window.scrollTo(0, 0);
    var item = place.querySelector("[data-desk-item]");
    if (item) {
      item.focus({ preventScroll: true });
    }
    var count = document.querySelector(".hw-nav a[aria-current] .hw-nav-count");
    if (count) {
      count.textContent = place.dataset.waiting;
      count.hidden = place.dataset.waiting === "0";
    }
  });

  // --- what is on the desk is kept while the page is seen, and given back when it is left ---
  function token() {
    var field = document.querySelector("[data-desk] input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function body() {
    var form = new FormData();
    form.append("csrfmiddlewaretoken", token());
    form.append("quietly", "1");
    return form;
  }

  function keep() {
    var place = desk();
    if (place && place.hasAttribute("data-holds") && document.visibilityState === "visible") {
      var form = body();
      form.append("item", place.querySelector("input[name=item]").value);
      fetch(place.dataset.keep, { method: "POST", body: form }).catch(function () {});
    }
  }

  if (desk()) {
    keep();
    setInterval(keep, KEEP_EVERY);
    var leaving = false;
    document.addEventListener("submit", function (event) {
      // A form that is sent whole decides by itself what becomes of the item.
      leaving = !!event.target.closest("[data-desk]") && !event.target.hasAttribute("hx-post");
    });
    window.addEventListener("pagehide", function () {
      var place = desk();
      if (place && place.hasAttribute("data-holds") && !leaving) {
        navigator.sendBeacon(place.dataset.leave, body());
      }
    });
  }

  // --- the list: how many are ticked ---
  var bulk = document.querySelector("[data-bulk]");
  if (bulk) {
    var page = bulk.querySelector("[data-bulk-page]");
    var all = bulk.querySelector("[data-bulk-all]");
    var told = bulk.querySelector("[data-bulk-told]");
    var rows = Array.prototype.slice.call(bulk.querySelectorAll("input[name=item]:not(:disabled)"));
    var tell = function () {
      var n = rows.filter(function (row) { return row.checked; }).length;
      page.checked = n > 0 && n === rows.length;
      page.indeterminate = n > 0 && n < rows.length;
      told.textContent = all && all.checked ? "All that are found" : n ? n + " ticked" : "";
    };
    page.addEventListener("change", function () {
      rows.forEach(function (row) { row.checked = page.checked; });
      if (all && !page.checked) {
        all.checked = false;
      }
      tell();
    });
    if (all) {
      all.addEventListener("change", function () {
        rows.forEach(function (row) { row.checked = all.checked; });
        tell();
      });
    }
    bulk.addEventListener("change", function (event) {
      if (event.target.name === "item") {
        if (all && !event.target.checked) {
          all.checked = false;
        }
        tell();
      }
    });
    tell();
  }
})();
