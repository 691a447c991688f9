// The threshold: a slider moves the counts and the figures beside it at once, from the data in the
// page. Without this file the table of thresholds says the same.
(function () {
  "use strict";

  // The words of the page: as headwater.words.percent and figure write them.
  function percent(part, of) {
    if (!of) {
      return "–";
    }
    var share = part / of;
    if (share > 0 && share < 0.001) {
      return "under 0.1%";
    }
    if ((share > 0 && share < 0.01) || (share > 0.99 && share < 1)) {
      return Math.min(share * 100, 99.9).toFixed(1) + "%";
    }
    return (share * 100).toFixed(0) + "%";
  }

  function figure(value) {
    return value.toLocaleString("en", { maximumSignificantDigits: 3 });
  }

  function told(point) {
    var tn = point[1];
    var fp = point[2];
    var fn = point[3];
    var tp = point[4];
    var all = tn + fp + fn + tp;
    var of = 2 * tp + fp + fn;
    return {
      threshold: point[0].toFixed(2),
      tn: tn.toLocaleString("en"),
      fp: fp.toLocaleString("en"),
      fn: fn.toLocaleString("en"),
      tp: tp.toLocaleString("en"),
      accuracy: percent(tp + tn, all),
      precision: percent(tp, tp + fp),
      recall: percent(tp, tp + fn),
      f1: of ? figure((2 * tp) / of) : "–",
      flagged: percent(tp + fp, all),
    };
  }

  function start(part) {
    var data = JSON.parse(document.getElementById(part.dataset.threshold).textContent);
    var slider = part.querySelector("input[type=range]");
    var said = part.querySelector("[data-threshold-said]");
    var first = slider.value;
    var rest = null;

    function show() {
      var words = told(data.points[Number(slider.value)]);
      part.querySelectorAll("[data-told]").forEach(function (place) {
        place.textContent = words[place.dataset.told];
      });
      slider.setAttribute("aria-valuetext", "from a probability of " + words.threshold + " on");
      // What changed is said aloud once the slider rests, not at each step of it.
      window.clearTimeout(rest);
      rest = window.setTimeout(function () {
        said.textContent =
          words.tp + " " + data.positive + " found, " + words.fn + " missed, " + words.fp + " " +
          data.negative + " wrongly taken. Precision " + words.precision + ", recall " +
          words.recall + ".";
      }, 400);
    }

    slider.addEventListener("input", show);
    part.querySelector("[data-threshold-reset]").addEventListener("click", function () {
      slider.value = first;
      show();
      slider.focus();
    });
    part.querySelector("[data-threshold-slider]").hidden = false;
    part.querySelector("[data-threshold-table]").open = false;
    slider.setAttribute("aria-valuetext", "from a probability of " + told(data.points[first]).threshold + " on");
  }

  document.querySelectorAll("[data-threshold]").forEach(start);
})();
