// Uploading: a file is dropped or chosen, sent with a bar that shows how far it is, and refused
// before it is sent where it is too large. Without this file the form does it without a bar.
(function () {
  "use strict";

  var form = document.querySelector("[data-upload]");
  if (!form || !window.FormData) {
    return;
  }
  var input = form.querySelector("input[type=file]");
  var drop = form.querySelector("[data-drop]");
  var name = form.querySelector("input[name=name]");
  var send = form.querySelector("[data-upload-send]");
  var box = form.querySelector("[data-upload-progress]");
  var bar = box.querySelector("progress");
  var phase = box.querySelector("[data-upload-phase]");
  var told = box.querySelector("[data-upload-told]");
  var refused = document.getElementById("upload-refused");
  var request = null;

  function size(bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    return bytes < 1048576 ? (bytes / 1024).toFixed(1) + " kB" : (bytes / 1048576).toFixed(1) + " MB";
  }

  function refuse(sentence) {
    refused.querySelector("[data-upload-sentence]").textContent = sentence;
    refused.hidden = !sentence;
    if (sentence) {
      refused.scrollIntoView({ block: "nearest" });
    }
  }

  // The sentence that says why the chosen file is not sent; empty where it may be.
  function wrong() {
    var file = input.files[0];
    if (!file) {
      return "Choose a file first.";
    }
    if (file.size > Number(form.dataset.most)) {
      return "“" + file.name + "” has " + size(file.size) + "; at most " + form.dataset.mostTold +
        " are taken. Leave out columns or rows that are not needed, or send it as Parquet, which is smaller.";
    }
    return "";
  }

  function chosen() {
    var file = input.files[0];
    refuse(file ? wrong() : "");
    if (file && name && !name.value) {
      name.placeholder = file.name.replace(/\.[^.]*$/, "").replace(/_/g, " ");
    }
  }

  input.addEventListener("change", chosen);

  // --- drag and drop ---
  form.querySelector("[data-drop-say]").hidden = false;

  function over(on) {
    drop.classList.toggle("hw-drop-over", on);
  }

  ["dragenter", "dragover"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (!request && event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files")) {
        event.preventDefault();
        over(true);
      }
    });
  });
  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget) {
      over(false);
    }
  });
  document.addEventListener("drop", function (event) {
    over(false);
    if (request || !event.dataTransfer || !event.dataTransfer.files.length) {
      return;
    }
    event.preventDefault();
    if (event.dataTransfer.files.length > 1) {
      refuse("One file is taken at a time; " + event.dataTransfer.files.length + " were dropped.");
      return;
    }
    input.files = event.dataTransfer.files;
    chosen();
  });

  // --- sending ---
  function idle() {
    request = null;
    box.hidden = true;
    send.disabled = false;
  }

  function answered() {
    var answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch (error) {
      answer = {};
    }
    if (answer.address) {
      phase.textContent = "Opening the preview";
      window.location.assign(answer.address);
      return;
    }
    idle();
    refuse(answer.sentence || "The server did not take the file. Load the page anew, and sign in if it asks.");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    var sentence = wrong();
    refuse(sentence);
    if (sentence || request) {
      return;
    }
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", function (moved) {
      if (moved.lengthComputable) {
        bar.value = Math.round((100 * moved.loaded) / moved.total);
        told.textContent = size(moved.loaded) + " of " + size(moved.total);
      }
    });
    request.upload.addEventListener("load", function () {
      phase.textContent = "Looking at the file";
      bar.removeAttribute("value");
    });
    request.addEventListener("load", answered);
    request.addEventListener("error", function () {
      idle();
      refuse("The server cannot be reached. The file was not sent; try again.");
    });
    request.addEventListener("abort", idle);
    phase.textContent = "Sending";
    told.textContent = "";
    bar.value = 0;
    box.hidden = false;
    send.disabled = true;
    request.send(new FormData(form));
  });

  box.querySelector("[data-upload-cancel]").addEventListener("click", function () {
    if (request) {
      request.abort();
    }
  });
})();
