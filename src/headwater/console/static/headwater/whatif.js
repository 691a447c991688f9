// What-if: the words beside a slider follow it at once; the forecast is asked for when it rests
// (by htmx, see the form). Without this file the form's button does the same.
(function () {
  "use strict";

  function told(rate, isShare) {
    if (!isShare) {
      return rate.toLocaleString("en", { maximumSignificantDigits: 3 });
    }
    var share = Math.min(1, rate);
    if (share > 0 && share < 0.001) {
      return "under 0.1%";
    }
    var near = (share > 0 && share < 0.01) || (share > 0.99 && share < 1);
    return near ? Math.min(share * 100, 99.9).toFixed(1) + "%" : (share * 100).toFixed(0) + "%";
  }

  function follow(slider) {
    var factor = Number(slider.value);
    var rate = told(Number(slider.dataset.rate) * factor, slider.dataset.kind === "share");
    var then = rate + " a " + slider.dataset.per;
    var output = document.getElementById(slider.id + "-told");
    output.textContent = "× " + factor.toFixed(1) + ": " + then;
    slider.setAttribute("aria-valuetext", "times " + factor.toFixed(1) + ", " + then);
  }

  function sliders(form) {
    return form.querySelectorAll("input[type=range]");
  }

  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-whatif] input[type=range]")) {
      follow(event.target);
    }
  });

  document.addEventListener("click", function (event) {
    var reset = event.target.closest("[data-whatif-reset]");
    if (!reset) {
      return;
    }
    event.preventDefault();
    var form = reset.closest("[data-whatif]");
    sliders(form).forEach(function (slider) {
      slider.value = "1";
      follow(slider);
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What is open in the part that is replaced stays open.
  var open = [];

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.target.id === "forecast-result") {
      open = Array.from(event.target.querySelectorAll("details")).map(function (one) {
        return one.open;
      });
    }
  });
  document.addEventListener("htmx:afterSwap", function () {
    var result = document.getElementById("forecast-result");
    if (result && open.length) {
      result.querySelectorAll("details").forEach(function (one, index) {
        one.open = Boolean(open[index]);
      });
      open = [];
    }
  });
})();
