// The workbench: a suggested value is used with one click, folds that are open stay open while the
// form is filled anew, and the distance of neighbours is dragged on its curve.
(function () {
  "use strict";

  var open = {};

  // --- suggested values ---
  function showUses() {
    document.querySelectorAll("[data-use]").forEach(function (button) {
      button.hidden = false;
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-use]");
    if (!button) {
      return;
    }
    var field = document.getElementById(button.dataset.useFor);
    if (!field) {
      return;
    }
    field.value = button.dataset.use;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  });

  // --- folds ---
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.target.id === "workbench") {
      event.target.querySelectorAll("details[id]").forEach(function (fold) {
        open[fold.id] = fold.open;
      });
    }
  });
  document.addEventListener("htmx:afterSwap", function () {
    Object.keys(open).forEach(function (id) {
      var fold = document.getElementById(id);
      if (fold && open[id]) {
        fold.open = true;
      }
    });
    showUses();
    begin();
  });

  // --- distance of neighbours: number, slider and line are one ---
  function told(value) {
    return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  }

  // How many of the sorted numbers are above a value.
  function above(sorted, value) {
    var low = 0;
    var high = sorted.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (sorted[middle] > value) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return sorted.length - low;
  }

  function outside(known, eps) {
    if (known.outside.length) {
      var n = above(known.outside, eps);
      var rows = n === 1 ? "1 row" : n.toLocaleString("en") + " rows";
      return (n ? rows : "no row") + " of " + known.n.toLocaleString("en") + " would be outside";
    }
    var share = known.curve.length ? above(known.curve, eps) / known.curve.length : 0;
    return "at most " + Math.round(100 * share) + "% of the rows would be outside";
  }

  function start(part) {
    var field = document.getElementById(part.dataset.distances);
    var known = JSON.parse(document.getElementById(part.dataset.known).textContent);
    var slider = part.querySelector("input[type=range]");
    var output = part.querySelector("output");
    var place = part.querySelector("[data-chart-place]");
    if (!field || !slider || !place) {
      return;
    }

    function draw(eps) {
      var chart = window.echarts && window.echarts.getInstanceByDom(place);
      if (chart) {
        chart.setOption({ series: [{ id: "curve", markLine: { data: [{ yAxis: eps }] } }] });
      }
    }

    function show(eps) {
      if (!(eps > 0)) {
        output.textContent = "";
        return;
      }
      var words = "With " + told(eps) + ", " + outside(known, eps) + ".";
      slider.value = String(eps);
      slider.setAttribute("aria-valuetext", words);
      output.textContent = words;
      draw(eps);
    }

    function choose(eps) {
      field.value = told(Math.min(Math.max(eps, Number(slider.min)), Number(slider.max)));
      show(Number(field.value));
    }

    field.addEventListener("input", function () {
      show(Number(field.value));
    });
    slider.addEventListener("input", function () {
      choose(Number(slider.value));
    });
    var dragging = false;
    function follow(event) {
      var chart = window.echarts && window.echarts.getInstanceByDom(place);
      if (!chart) {
        return;
      }
      var box = place.getBoundingClientRect();
      var at = [event.clientX - box.left, event.clientY - box.top];
      choose(chart.convertFromPixel({ gridIndex: 0 }, at)[1]);
    }
    place.addEventListener("pointerdown", function (event) {
      dragging = true;
      place.setPointerCapture(event.pointerId);
      follow(event);
    });
    place.addEventListener("pointermove", function (event) {
      if (dragging) {
        follow(event);
      }
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      place.addEventListener(name, function () {
        dragging = false;
      });
    });
    document.addEventListener("headwater:theme", function () {
      show(Number(field.value));
    });
    show(Number(field.value));
  }

  function begin() {
    document.querySelectorAll("[data-distances]:not([data-begun])").forEach(function (part) {
      part.setAttribute("data-begun", "");
      start(part);
    });
  }

  showUses();
  begin();
})();
