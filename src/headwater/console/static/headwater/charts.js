// Draws each <figure data-chart>. The option is made on the server as plain data; here come only the
// colours of the theme, the words of the tooltips, the keyboard and the downloads.
(function () {
  "use strict";

  var charts = [];
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--hw-" + name).trim();
  }

  // "$group-0" in an option stands for the page's colour of that name.
  function withColours(value) {
    if (typeof value === "string") {
      return value.charAt(0) === "$" ? token(value.slice(1)) : value;
    }
    if (Array.isArray(value)) {
      return typeof value[0] === "number" ? value : value.map(withColours);
    }
    if (value && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (key) {
        copy[key] = key === "data" && value.plain ? value.data : withColours(value[key]);
      });
      return copy;
    }
    return value;
  }

  function figure(value) {
    if (typeof value !== "number") {
      return String(value);
    }
    var size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
      return value.toExponential(3);
    }
    var options = size >= 1000 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 5 };
    return value.toLocaleString("en", options).replace("-", "−");
  }

  function date(value) {
    var parts = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
    return new Date(value).toLocaleDateString("en-GB", parts);
  }

  // Which dimensions of a point are dates: those along an axis of time.
  function datesOf(option) {
    return [option.xAxis, option.yAxis].map(function (axis) {
      return Boolean(axis) && axis.type === "time";
    });
  }

  // "Group A" and below it one line for each dimension of the point.
  function words(params, dates) {
    var point = Array.isArray(params) ? params[0] : params;
    if (point.data && point.data.told) {
      return point.data.told;
    }
    var values = Array.isArray(point.value) ? point.value : [point.name, point.value];
    var names = point.dimensionNames || [];
    var lines = [];
    if (point.seriesName && point.seriesName.indexOf("series") !== 0) {
      lines.push(point.seriesName);
    }
    values.forEach(function (value, index) {
      var name = names[index];
      if (name && value !== null && value !== undefined) {
        var told = name === "Row" ? value : dates[index] ? date(value) : figure(value);
        lines.push(name + ": " + told);
      }
    });
    return lines.join("\n");
  }

  function complete(option) {
    var whole = withColours(option);
    var font = getComputedStyle(document.body).fontFamily;
    whole.textStyle = { fontFamily: font, color: token("muted") };
    whole.animation = !still.matches && whole.animation !== false;
    whole.animationDuration = 300;
    whole.backgroundColor = "transparent";
    var dates = datesOf(option);
    whole.tooltip = Object.assign(
      {
        renderMode: "richText",
        confine: true,
        formatter: function (params) {
          return words(params, dates);
        },
        backgroundColor: token("tip"),
        borderColor: token("line"),
        borderWidth: 1,
        padding: [8, 10],
        textStyle: { color: token("ink"), fontSize: 13, lineHeight: 19, fontFamily: font },
      },
      whole.tooltip || {}
    );
    return whole;
  }

  // The picture that is saved says by itself what it shows.
  function forSaving(chart) {
    var option = complete(chart.option);
    option.animation = false;
    option.backgroundColor = token("surface");
    option.title = {
      text: chart.title,
      subtext: chart.subtitle,
      left: 16,
      top: 12,
      textStyle: { color: token("ink"), fontSize: 16, width: 860, overflow: "break" },
      subtextStyle: { color: token("muted"), fontSize: 12, width: 860, overflow: "break" },
    };
    var grid = Object.assign({}, option.grid);
    grid.top = (typeof grid.top === "number" ? grid.top : 24) + 64;
    option.grid = grid;
    option.series.forEach(function (series) {
      if (typeof series.top === "number") {
        series.top += 64;
      }
    });
    if (option.legend) {
      option.legend = Object.assign({}, option.legend, { top: 64 });
    }
    return option;
  }

  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () {
      URL.revokeObjectURL(link.href);
    }, 10000);
  }

  // Numbers as programs read them; a text that a spreadsheet would compute is quoted.
  function cell(text) {
    var value = text.trim().replace(/\s+/g, " ");
    var number = value.replace(/−/g, "-").replace(/(\d),(?=\d{3})/g, "$1");
    if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(number)) {
      return number.replace(/^\+/, "");
    }
    if (/^[=+\-@\t\r]/.test(value)) {
      value = "'" + value;
    }
    return /[",;\n]/.test(value) ? '"' + value.replace(/"/g, '""') + '"' : value;
  }

  function saveCsv(rows, name) {
    var lines = rows.map(function (row) {
      return row.map(cell).join(",");
    });
    // The mark at the beginning tells spreadsheets that it is UTF-8.
    save(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }), name + ".csv");
  }

  function saveTable(table, name) {
    var rows = Array.from(table.rows).map(function (row) {
      return Array.from(row.cells).map(function (one) {
        return one.textContent;
      });
    });
    saveCsv(rows, name);
  }

  window.headwaterFiles = { save: save, csv: saveCsv, table: saveTable };

  var WIDTH = 900;
  var HEIGHT = 560;

  function saveSvg(chart) {
    var drawn = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
    drawn.setOption(forSaving(chart));
    save(new Blob([drawn.renderToSVGString()], { type: "image/svg+xml" }), chart.file + ".svg");
    drawn.dispose();
  }

  function savePng(chart) {
    var canvas = document.createElement("canvas");
    var drawn = echarts.init(canvas, null, {
      renderer: "canvas",
      width: WIDTH,
      height: HEIGHT,
      devicePixelRatio: 2,
    });
    drawn.setOption(forSaving(chart));
    drawn.getZr().flush();
    canvas.toBlob(function (blob) {
      save(blob, chart.file + ".png");
      drawn.dispose();
    }, "image/png");
  }

  // A band between two columns has no point of its own: it is lit, and its words stand in the middle.
  function showBand(chart, stop, told) {
    chart.drawn.dispatchAction(Object.assign({ type: "highlight", dataType: "edge" }, stop));
    chart.drawn.dispatchAction({
      type: "showTip",
      x: chart.drawn.getWidth() / 2,
      y: chart.drawn.getHeight() / 2,
      tooltip: { formatter: told, content: told, renderMode: "richText" },
    });
  }

  function unlight(chart) {
    chart.option.series.forEach(function (series, index) {
      if (series.links) {
        chart.drawn.dispatchAction({ type: "downplay", seriesIndex: index });
        chart.drawn.dispatchAction({ type: "downplay", seriesIndex: index, dataType: "edge" });
      }
    });
  }

  // Arrow keys step through the points; what the tooltip says is also said aloud.
  function byKeyboard(chart) {
    var at = -1;
    chart.place.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") {
        chart.drawn.dispatchAction({ type: "hideTip" });
        return;
      }
      if (!step) {
        return;
      }
      event.preventDefault();
      var stops = [];
      (chart.option.series || []).forEach(function (series, index) {
        if (!series.silent) {
          series.data.forEach(function (value, point) {
            stops.push({ seriesIndex: index, dataIndex: point });
          });
          (series.links || []).forEach(function (value, point) {
            stops.push({ seriesIndex: index, dataIndex: point, band: true });
          });
        }
      });
      if (!stops.length) {
        return;
      }
      at = (at + step + stops.length) % stops.length;
      var stop = stops[at];
      var series = chart.option.series[stop.seriesIndex];
      unlight(chart);
      if (stop.band) {
        var band = series.links[stop.dataIndex];
        showBand(chart, { seriesIndex: stop.seriesIndex, dataIndex: stop.dataIndex }, band.told);
        chart.said.textContent = band.told;
        return;
      }
      chart.drawn.dispatchAction(Object.assign({ type: "showTip" }, stop));
      var item = series.data[stop.dataIndex];
      var value = item && item.value !== undefined ? item.value : item;
      var point = {
        seriesName: series.name || "",
        name: (item && item.name) || "",
        value: value,
        dimensionNames: series.dimensions,
        data: item,
      };
      chart.said.textContent = words(point, datesOf(chart.option));
    });
    chart.place.addEventListener("blur", function () {
      unlight(chart);
      chart.drawn.dispatchAction({ type: "hideTip" });
    });
  }

  function start(element) {
    var chart = {
      place: element.querySelector("[data-chart-place]"),
      said: element.querySelector("[data-chart-said]"),
      option: JSON.parse(document.getElementById(element.dataset.chart).textContent),
      title: element.querySelector("[data-chart-title]").textContent.trim(),
      subtitle: element.querySelector("[data-chart-subtitle]").textContent.trim(),
      file: element.dataset.chartFile,
    };
    chart.drawn = echarts.init(chart.place, null, { renderer: "canvas" });
    chart.drawn.setOption(complete(chart.option));
    byKeyboard(chart);
    element.querySelectorAll("[data-chart-save]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        if (button.dataset.chartSave === "csv") {
          saveTable(element.querySelector("table"), chart.file);
        } else {
          (button.dataset.chartSave === "svg" ? saveSvg : savePng)(chart);
        }
      });
    });
    new ResizeObserver(function () {
      // Some series cannot be drawn in no space at all: while the page does not lay the chart out.
      if (chart.place.clientWidth > 40 && chart.place.clientHeight > 40) {
        chart.drawn.resize();
      }
    }).observe(chart.place);
    element.setAttribute("data-chart-drawn", "");
    charts.push(chart);
  }

  function startWithin(element) {
    element.querySelectorAll("figure[data-chart]:not([data-chart-drawn])").forEach(start);
  }

  // Charts that a part of the page is replaced with are drawn at once; those that went are let go.
  document.addEventListener("htmx:afterSwap", function () {
    charts = charts.filter(function (chart) {
      if (!chart.place.isConnected) {
        chart.drawn.dispose();
      }
      return chart.place.isConnected;
    });
    startWithin(document);
  });

  function redraw() {
    charts.forEach(function (chart) {
      chart.drawn.setOption(complete(chart.option), true);
    });
  }

  // On paper charts are drawn anew: in light colours, as wide as a page of A4.
  var PAPER = 680;
  var theme = "";

  window.addEventListener("beforeprint", function () {
    theme = document.documentElement.getAttribute("data-bs-theme");
    document.documentElement.setAttribute("data-bs-theme", "light");
    redraw();
    charts.forEach(function (chart) {
      chart.drawn.resize({ width: PAPER, height: Math.min(chart.place.clientHeight, 400) || 300 });
      chart.drawn.getZr().flush();
    });
  });
  window.addEventListener("afterprint", function () {
    document.documentElement.setAttribute("data-bs-theme", theme);
    redraw();
    charts.forEach(function (chart) {
      chart.drawn.resize({ width: "auto", height: "auto" });
    });
  });

  startWithin(document);
  document.addEventListener("headwater:theme", redraw);
})();
