// Sets light or dark before anything is drawn. Loaded in the head, without defer, so nothing flashes.
(function () {
  "use strict";
  var KEY = "headwater-theme";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem(KEY) || "system";
    } catch (refused) {
      return "system";
    }
  }

  function apply() {
    var choice = chosen();
    var theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("headwater:theme"));
  }

  window.headwaterTheme = {
    chosen: chosen,
    choose: function (choice) {
      try {
        localStorage.setItem(KEY, choice);
      } catch (refused) {
        // Private windows may refuse storage; the choice then lasts for this page.
      }
      apply();
    },
  };
  dark.addEventListener("change", apply);
  document.documentElement.classList.add("hw-scripted");
  apply();
})();
