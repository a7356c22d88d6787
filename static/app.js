/* What makes the pages smoother. Everything works without it. */
(function () {
  "use strict";

  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  /* Errors first: a reader who cannot see the page lands on the summary. */
  const focusSummary = (root) => {
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  };

  /* Menus are details: they open without us, and close on Escape or on a click elsewhere. */
  const closeMenus = (but) => each(document, "details.menu[open]", (menu) => {
    if (menu !== but) menu.removeAttribute("open");
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  });

  /* A value and an unknown exclude each other; the server decides when both arrive. */
  document.addEventListener("input", (event) => {
    const pair = event.target.closest(".with-unk");
    if (!pair) return;
    const isUnknown = event.target.matches(".choice--unk input");
    if (isUnknown) {
      each(pair, "input.form-control, textarea.form-control, select.form-select", (field) => { field.value = ""; });
    } else if (event.target.value) {
      each(pair, ".choice--unk input", (radio) => { radio.checked = false; });
    }
  });

  /* Number keys answer the focused item of a scale: 0 is the first choice. Told once, below the scale. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
    const item = event.target.closest("fieldset.grid-q");
    if (!item || !event.target.matches("input[type=radio]")) return;
    const wanted = Array.from(item.querySelectorAll(".cell:not(.cell--unk) input[type=radio]")).find((radio) => radio.value === event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    wanted.focus();
  });

  /* A second press on a button that is already sending does nothing. The server makes one anyway. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => each(document, "form[data-sent]", (form) => {
    delete form.dataset.sent;
    each(form, "[aria-disabled=true]", (button) => button.removeAttribute("aria-disabled"));
  }));

  /* Enter in a one-line field of a section saves nothing by surprise: it moves on. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("form[data-section] input:not([type=submit])")) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* The save line says what is happening; a lost connection is tried again. */
  const say = (name) => {
    const template = document.getElementById("saved-" + name);
    const line = document.getElementById("saved");
    if (template && line) line.replaceWith(template.content.cloneNode(true));
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-section]")) say("busy");
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, (event) => {
    const form = event.target.closest("[data-section]");
    if (!form) return;
    say("lost");
    window.setTimeout(() => form.dispatchEvent(new CustomEvent("retry")), 5000);
  }));

  const start = () => {
    each(document, "[data-print]", (button) => { button.hidden = false; });
    focusSummary(document);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.querySelector && event.target.querySelector(".error-summary")) focusSummary(event.target);
  });
}());
