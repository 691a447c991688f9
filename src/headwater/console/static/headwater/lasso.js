// Rows of the scatter plot are chosen by a lasso or a box, or found by name and ticked; what is
// chosen is listed beside the picture. Without this file the panel stays hidden.
(function () {
  "use strict";

  var SHOWN = 40;

  function rowsOf(option) {
    var rows = [];
    option.series.forEach(function (series, seriesIndex) {
      if (series.type === "scatter" && !series.silent) {
        series.data.forEach(function (point, dataIndex) {
          rows.push({
            key: seriesIndex + ":" + dataIndex,
            name: String(point[2]),
            segment: series.whole || series.name,
            seriesIndex: seriesIndex,
            dataIndex: dataIndex,
          });
        });
      }
    });
    return rows;
  }

  function start(root) {
    var figure = root.querySelector("figure[data-chart]");
    var panel = root.querySelector("[data-lasso-panel]");
    if (!figure || !panel || root.hasAttribute("data-lasso-ready")) {
      return;
    }
    var chart = echarts.getInstanceByDom(figure.querySelector("[data-chart-place]"));
    var rows = rowsOf(JSON.parse(document.getElementById(figure.dataset.chart).textContent));
    var byKey = {};
    rows.forEach(function (row) { byKey[row.key] = row; });
    var chosen = new Set();
    var said = panel.querySelector("[data-lasso-said]");
    var search = panel.querySelector("[data-lasso-search]");
    var found = panel.querySelector("[data-lasso-found]");
    var table = panel.querySelector("[data-lasso-table]");
    var body = panel.querySelector("[data-lasso-rows]");
    var clear = panel.querySelector("[data-lasso-clear]");
    var csv = panel.querySelector("[data-lasso-csv]");
    var tools = panel.querySelectorAll("[data-lasso-tool]");
    var first = said.textContent;

    function picked() {
      return rows.filter(function (row) { return chosen.has(row.key); });
    }

    function showChosen() {
      var list = picked();
      body.replaceChildren();
      list.forEach(function (row) {
        var line = body.insertRow();
        var name = document.createElement("th");
        name.scope = "row";
        name.textContent = row.name;
        line.appendChild(name);
        line.insertCell().textContent = row.segment;
      });
      table.hidden = !list.length;
      csv.hidden = !list.length;
      clear.disabled = !list.length;
      var counts = {};
      list.forEach(function (row) { counts[row.segment] = (counts[row.segment] || 0) + 1; });
      var parts = Object.keys(counts).map(function (segment) {
        return counts[segment].toLocaleString("en") + " of " + segment;
      });
      said.textContent = list.length
        ? list.length.toLocaleString("en") + (list.length === 1 ? " row chosen: " : " rows chosen: ") +
          parts.join(", ") + "."
        : first;
      found.querySelectorAll("input").forEach(function (box) {
        box.checked = chosen.has(box.value);
      });
    }

    function light() {
      chart.dispatchAction({ type: "downplay" });
      picked().forEach(function (row) {
        chart.dispatchAction({ type: "highlight", seriesIndex: row.seriesIndex, dataIndex: row.dataIndex });
      });
    }

    function showFound() {
      var wanted = search.value.trim().toLowerCase();
      found.replaceChildren();
      var matches = wanted
        ? rows.filter(function (row) { return row.name.toLowerCase().indexOf(wanted) !== -1; })
        : rows.length <= SHOWN ? rows : [];
      matches.slice(0, SHOWN).forEach(function (row) {
        var item = document.createElement("li");
        var label = document.createElement("label");
        var box = document.createElement("input");
        box.type = "checkbox";
        box.value = row.key;
        box.checked = chosen.has(row.key);
        var name = document.createElement("span");
        name.textContent = row.name;
        var segment = document.createElement("small");
        segment.textContent = row.segment.split(" · ")[0];
        label.append(box, name, segment);
        item.appendChild(label);
        found.appendChild(item);
      });
      if (matches.length > SHOWN || (wanted && !matches.length)) {
        var more = document.createElement("li");
        more.className = "hw-small hw-quiet";
        more.textContent = matches.length
          ? (matches.length - SHOWN).toLocaleString("en") + " more; type more of the name."
          : "No drawn row is called so.";
        found.appendChild(more);
      }
    }

    function hold(tool) {
      tools.forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.dataset.lassoTool === tool));
      });
      chart.dispatchAction({
        type: "takeGlobalCursor",
        key: "brush",
        brushOption: { brushType: tool || false, brushMode: "single" },
      });
    }

    tools.forEach(function (button) {
      button.addEventListener("click", function () {
        hold(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.lassoTool);
      });
    });

    // What is drawn around takes the place of what was chosen before.
    var drawn = false;
    chart.on("brushselected", function (event) {
      var batch = event.batch[0];
      if (!batch || (!batch.areas.length && !drawn)) {
        return;
      }
      drawn = batch.areas.length > 0;
      chosen = new Set();
      batch.selected.forEach(function (series) {
        series.dataIndex.forEach(function (index) {
          var key = series.seriesIndex + ":" + index;
          if (byKey[key]) {
            chosen.add(key);
          }
        });
      });
      showChosen();
    });

    found.addEventListener("change", function (event) {
      if (drawn) {
        drawn = false;
        var kept = new Set(chosen);
        chart.dispatchAction({ type: "brush", areas: [] });
        chosen = kept;
      }
      if (event.target.checked) {
        chosen.add(event.target.value);
      } else {
        chosen.delete(event.target.value);
      }
      showChosen();
      light();
    });
    search.addEventListener("input", showFound);
    clear.addEventListener("click", function () {
      drawn = false;
      chart.dispatchAction({ type: "brush", areas: [] });
      chosen = new Set();
      hold("");
      showChosen();
      light();
      search.focus();
    });
    csv.addEventListener("click", function () {
      window.headwaterFiles.csv(
        [["Row", "Segment"]].concat(picked().map(function (row) { return [row.name, row.segment]; })),
        figure.dataset.chartFile + "-chosen"
      );
    });

    panel.hidden = false;
    root.setAttribute("data-lasso-ready", "");
    showFound();
  }

  function startAll() {
    document.querySelectorAll("[data-lasso]").forEach(start);
  }

  document.addEventListener("htmx:afterSwap", startAll);
  startAll();
})();
