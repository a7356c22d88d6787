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

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Whoever sees what they type can choose a longer password. */
  const addShow = (field) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-sm";
    button.textContent = field.dataset.show;
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => {
      const isShown = field.type === "text";
      field.type = isShown ? "password" : "text";
      button.textContent = isShown ? field.dataset.show : field.dataset.hide;
    });
    field.after(button);
  };

  const start = () => {
    each(document, "[data-print]", (button) => { button.hidden = false; });
    each(document, "input[data-show]", addShow);
    focusSummary(document);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.querySelector && event.target.querySelector(".error-summary")) focusSummary(event.target);
  });
}());
