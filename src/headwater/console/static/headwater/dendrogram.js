// The tree of a hierarchical run: its line is dragged, or moved by the slider. Branches and leaves
// take the colours of their segments at once; the rest of the page follows by the form (htmx), and
// without this file the form's button does the same.
(function () {
  "use strict";

  function start(figure) {
    var tree = JSON.parse(document.getElementById(figure.dataset.tree).textContent);
    var drawing = figure.querySelector("[data-tree-drawing]");
    var line = figure.querySelector("[data-tree-line]");
    var told = figure.querySelector("[data-tree-told]");
    var form = figure.querySelector("[data-tree-form]");
    var slider = figure.querySelector("[data-tree-slider]");
    var number = figure.querySelector("[data-tree-number]");
    var branches = figure.querySelectorAll("[data-branch]");
    var leafMarks = figure.querySelectorAll("[data-leaf-mark]");
    var cells = figure.querySelectorAll("[data-leaf-cell]");
    var left = tree.scale[0];
    var perHeight = tree.scale[1];
    var shown = Number(number.value);

    function cutFor(n) {
      var best = tree.cuts[0];
      tree.cuts.forEach(function (cut) {
        if (cut[0] <= n) {
          best = cut;
        }
      });
      return best;
    }

    function cutAt(height) {
      for (var i = 0; i < tree.cuts.length; i += 1) {
        if (height >= tree.cuts[i][1]) {
          return tree.cuts[i];
        }
      }
      return tree.cuts[tree.cuts.length - 1];
    }

    function middle(cut) {
      return (cut[1] + (cut[2] === null ? 1.04 * tree.top : cut[2])) / 2;
    }

    // The letter of the segment that each node is in, below the line.
    function ownersAt(height) {
      var owners = new Array(tree.heights.length).fill(null);
      var roots = [tree.heights.length - 1];
      while (roots.length) {
        var node = roots.pop();
        if (node < tree.leaves || tree.heights[node] <= height) {
          var below = [node];
          while (below.length) {
            var one = below.pop();
            owners[one] = tree.letters[node];
            if (one >= tree.leaves) {
              below.push(tree.merges[one - tree.leaves][0], tree.merges[one - tree.leaves][1]);
            }
          }
        } else {
          roots.push(tree.merges[node - tree.leaves][0], tree.merges[node - tree.leaves][1]);
        }
      }
      return owners;
    }

    function words(n) {
      return n === 1 ? "1 segment" : n.toLocaleString("en") + " segments";
    }

    function paint(cut, height) {
      var owners = ownersAt(middle(cut));
      branches.forEach(function (branch, index) {
        var letter = owners[tree.leaves + index];
        branch.setAttribute("class", letter ? "hw-tree-" + tree.marks[letter].colour : "hw-tree-over");
      });
      leafMarks.forEach(function (mark, index) {
        var letter = owners[index];
        mark.setAttribute("class", letter ? "hw-mark-" + tree.marks[letter].colour : "hw-tree-none");
        mark.setAttribute("d", letter ? tree.marks[letter].path : "");
        if (cells[index]) {
          cells[index].textContent = letter || "–";
        }
      });
      line.setAttribute("transform", "translate(" + (left + height * perHeight).toFixed(2) + " 0)");
      told.textContent = words(cut[0]);
      slider.value = String(cut[0]);
      slider.setAttribute("aria-valuetext", words(cut[0]));
      number.value = String(cut[0]);
    }

    function ask(cut) {
      if (cut[0] !== shown) {
        shown = cut[0];
        form.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }

    // --- the slider: arrow keys move it from cut to cut ---
    slider.addEventListener("input", function () {
      var wanted = Number(slider.value);
      var cut = cutFor(wanted);
      if (cut[0] === shown && wanted > shown) {
        // No height leaves so many: on to the next number that one does.
        cut = tree.cuts.find(function (one) { return one[0] > shown; }) || cut;
      }
      paint(cut, middle(cut));
      ask(cut);
    });
    number.addEventListener("input", function () {
      if (number.value && number.checkValidity()) {
        var typed = number.value;
        var cut = cutFor(Number(typed));
        paint(cut, middle(cut));
        number.value = typed;
        ask(cut);
      }
    });
    number.addEventListener("blur", function () {
      number.value = String(shown);
    });

    // --- the line: dragged with mouse, pen or finger ---
    function heightUnder(event) {
      var box = drawing.getBoundingClientRect();
      var x = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
      return Math.max(0, Math.min(1.05 * tree.top, (x - left) / perHeight));
    }

    function allowed(cut) {
      return cut[0] < Number(slider.min) ? cutFor(Number(slider.min)) : cut;
    }

    line.addEventListener("pointerdown", function (event) {
      event.preventDefault();
      line.setPointerCapture(event.pointerId);
      line.classList.add("hw-dragged");
    });
    line.addEventListener("pointermove", function (event) {
      if (line.hasPointerCapture(event.pointerId)) {
        var height = heightUnder(event);
        paint(allowed(cutAt(height)), height);
      }
    });
    function drop(event) {
      if (line.hasPointerCapture(event.pointerId)) {
        line.releasePointerCapture(event.pointerId);
        line.classList.remove("hw-dragged");
        var cut = allowed(cutAt(heightUnder(event)));
        paint(cut, middle(cut));
        ask(cut);
      }
    }
    line.addEventListener("pointerup", drop);
    line.addEventListener("pointercancel", drop);
    figure.setAttribute("data-tree-ready", "");

    figure.querySelectorAll("[data-tree-save]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        save(figure, drawing, button.dataset.treeSave);
      });
    });
  }

  // --- the picture as a file: what the style sheet says is written into a copy ---
  var KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight",
    "font-family", "text-anchor"];

  function copyOf(figure, drawing) {
    var copy = drawing.cloneNode(true);
    var from = drawing.querySelectorAll("*");
    copy.querySelectorAll("*").forEach(function (element, index) {
      var style = getComputedStyle(from[index]);
      KEPT.forEach(function (name) {
        var value = style.getPropertyValue(name);
        if (value) {
          element.setAttribute(name, value);
        }
      });
    });
    var box = drawing.viewBox.baseVal;
    var space = "http://www.w3.org/2000/svg";
    var page = getComputedStyle(document.documentElement);
    var head = 34;
    copy.setAttribute("viewBox", "0 " + -head + " " + box.width + " " + (box.height + head));
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height + head);
    copy.setAttribute("xmlns", space);
    var ground = document.createElementNS(space, "rect");
    [["x", 0], ["y", -head], ["width", box.width], ["height", box.height + head],
      ["fill", page.getPropertyValue("--hw-surface").trim()]].forEach(function (pair) {
      ground.setAttribute(pair[0], pair[1]);
    });
    copy.insertBefore(ground, copy.firstChild);
    var title = document.createElementNS(space, "text");
    [["x", 16], ["y", -12], ["font-size", 15], ["font-weight", 600],
      ["font-family", getComputedStyle(document.body).fontFamily],
      ["fill", page.getPropertyValue("--hw-ink").trim()]].forEach(function (pair) {
      title.setAttribute(pair[0], pair[1]);
    });
    title.textContent = figure.querySelector("[data-chart-title]").textContent.trim();
    copy.appendChild(title);
    return copy;
  }

  function save(figure, drawing, kind) {
    var copy = copyOf(figure, drawing);
    var text = new XMLSerializer().serializeToString(copy);
    var blob = new Blob([text], { type: "image/svg+xml" });
    if (kind === "svg") {
      window.headwaterFiles.save(blob, figure.dataset.treeFile + ".svg");
      return;
    }
    var picture = new Image();
    var address = URL.createObjectURL(blob);
    picture.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * Number(copy.getAttribute("width"));
      canvas.height = 2 * Number(copy.getAttribute("height"));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob(function (made) {
        window.headwaterFiles.save(made, figure.dataset.treeFile + ".png");
      }, "image/png");
    };
    picture.src = address;
  }

  document.querySelectorAll("figure[data-tree]").forEach(start);
})();
