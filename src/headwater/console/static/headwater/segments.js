// The page of a run: details of a segment in a dialog, tables as CSV, printing.
(function () {
  "use strict";

  // --- details of a segment, loaded when they are asked for ---
  var dialog = document.querySelector("[data-segment-dialog]");

  function element(name, text, css) {
    var made = document.createElement(name);
    if (text) {
      made.textContent = text;
    }
    if (css) {
      made.className = css;
    }
    return made;
  }

  function paragraph(into, label, text) {
    if (text) {
      var made = element("p");
      if (label) {
        made.append(element("b", label), " ");
      }
      made.append(text);
      into.appendChild(made);
    }
  }

  function characteristics(into, rows) {
    var scroll = element("div", "", "hw-scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", "Columns of this segment");
    var table = element("table", "", "hw-table hw-table-tight");
    var head = table.createTHead().insertRow();
    ["Column", "In the segment", "Lowest", "Highest", "All rows", "Missing"].forEach(function (name, at) {
      var cell = element("th", name, at ? "hw-number" : "");
      cell.scope = "col";
      head.appendChild(cell);
    });
    var body = table.createTBody();
    rows.forEach(function (row) {
      var line = body.insertRow();
      var name = element("th", row.label);
      name.scope = "row";
      line.appendChild(name);
      [row.text, row.lowest, row.highest, row.overall, row.missing].forEach(function (value) {
        var cell = line.insertCell();
        cell.textContent = value || "–";
        cell.className = "hw-number";
      });
    });
    scroll.appendChild(table);
    into.appendChild(scroll);
  }

  function show(told) {
    dialog.querySelector("[data-dialog-title]").textContent =
      told.letter + " · " + told.name;
    var body = dialog.querySelector("[data-dialog-body]");
    body.replaceChildren();
    paragraph(body, "", told.size_text + " " + told.rows + ", " + told.share_text + " of all.");
    paragraph(body, "", told.insight);
    characteristics(body, told.characteristics);
    body.appendChild(element("h3", "What sets it apart"));
    if (told.apart.length) {
      var list = element("ul");
      told.apart.forEach(function (sentence) { list.appendChild(element("li", sentence)); });
      body.appendChild(list);
    } else {
      paragraph(body, "", "Nothing distinctive: no column differs clearly from the other segments.");
    }
    paragraph(body, "In short", told.rule);
    paragraph(body, "What to do", told.recommendation);
    paragraph(body, "A message", told.message);
    paragraph(body, "Typical", told.typical);
    paragraph(body, "Counter-example", told.counter_example);
    paragraph(body, "How well its rows fit", told.silhouette);
    paragraph(body, "How stable it is", told.stability);
    paragraph(body, "Note", told.note);
    if (told.members.length) {
      body.appendChild(element("h3", "Rows" + (told.members_left ? " (the first of them)" : "")));
      paragraph(body, "", told.members.join(", ") + (told.members_left ? " …" : ""));
    }
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-segment]");
    if (!link || !dialog || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    fetch(link.href, { headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(show)
      .catch(function () {
        dialog.querySelector("[data-dialog-title]").textContent = "No details";
        dialog.querySelector("[data-dialog-body]").replaceChildren(
          element("p", "The details could not be loaded. Load the page again; you may have been " +
            "signed out, or the run may have been deleted.")
        );
      })
      .then(function () {
        if (!dialog.open) {
          dialog.showModal();
        }
        dialog.querySelector("[data-dialog-title]").focus();
      });
  });
  if (dialog) {
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog) {
        dialog.close();
      }
    });
  }

  // --- tables that are pictures: their numbers as CSV ---
  function offerTables(within) {
    within.querySelectorAll("[data-table-csv][hidden]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var figure = button.closest("[data-table-file]");
        window.headwaterFiles.table(figure.querySelector("[data-chart-table]"), figure.dataset.tableFile);
      });
    });
  }
  offerTables(document);
  document.addEventListener("htmx:afterSwap", function () { offerTables(document); });

  // --- the menu closes when the focus leaves it, or by Escape ---
  document.querySelectorAll("[data-menu]").forEach(function (menu) {
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", function (event) {
      if (menu.open && !menu.contains(event.target)) {
        menu.open = false;
      }
    });
  });

  // --- print: everything is opened, and closed again afterwards ---
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll(".hw-main details:not([open])")).filter(function (one) {
      return !one.closest("[data-no-print]") && !one.hasAttribute("data-menu");
    });
    opened.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (one) { one.open = false; });
    opened = [];
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var menu = button.closest("details");
      if (menu) {
        menu.open = false;
      }
      window.print();
    });
  });
})();
