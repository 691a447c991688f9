// Left and right arrow keys step to the previous and the next object, where no field has the focus.
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    var key = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
    var busy = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!key || busy || event.target.closest("input, select, textarea, .hw-scroll, [role=img]")) {
      return;
    }
    var link = document.querySelector('[data-stepping] a[data-step="' + key + '"]');
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
})();
