// Behaviour of the frame: theme switch, navigation on a phone, progress that stays calm.
(function () {
  "use strict";

  // --- light, dark or as the system ---
  var buttons = document.querySelectorAll("[data-theme-choice]");

  function showTheme() {
    var choice = window.headwaterTheme.chosen();
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    });
  }

  buttons.forEach(function (button) {
    button.addEventListener("click", function () {
      window.headwaterTheme.choose(button.dataset.themeChoice);
      showTheme();
    });
  });
  showTheme();

  // --- navigation on a phone ---
  var toggle = document.querySelector("[data-nav-toggle]");
  var nav = document.getElementById("rooms");

  if (toggle && nav) {
    var setOpen = function (open) {
      toggle.setAttribute("aria-expanded", String(open));
      nav.classList.toggle("hw-open", open);
    };
    setOpen(false);
    toggle.addEventListener("click", function () {
      setOpen(toggle.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && toggle.getAttribute("aria-expanded") === "true") {
        setOpen(false);
        toggle.focus();
      }
    });
  }

  // --- the two runs to compare must differ ---
  document.querySelectorAll("[data-compare]").forEach(function (form) {
    var button = form.querySelector("[data-compare-submit]");
    if (!button) {
      return;
    }
    var update = function () {
      var before = form.querySelector("input[name=before]:checked");
      var after = form.querySelector("input[name=after]:checked");
      var same = !before || !after || before.value === after.value;
      button.disabled = same;
      button.title = same ? "Choose two different runs" : "";
    };
    form.addEventListener("change", update);
    update();
  });

  // --- buttons say that they were pressed, so nobody presses twice ---
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (button && event.target.method === "post") {
      setTimeout(function () {
        button.disabled = true;
      }, 0);
    }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      window.location.reload();
    }
  });

  // --- the page says when the server cannot be reached, and recovers by itself ---
  var offline = document.querySelector("[data-offline]");
  if (offline) {
    document.body.addEventListener("htmx:sendError", function () {
      offline.hidden = false;
    });
    document.body.addEventListener("htmx:afterRequest", function (event) {
      if (event.detail.successful) {
        offline.hidden = true;
      }
    });
  }
})();
