/* Filling in a section: each answer is saved as it is given. Without this script the buttons save. */
(function () {
  "use strict";

  const RETRY = 5000;
  const TYPING = 1200;
  const form = document.querySelector("form[data-section]");
  if (!form) return;

  const byId = (id) => document.getElementById(id);
  /* Read anew each time: it changes when the person signs in again in another tab. */
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

  /* What waits to be saved: a question's key or an entry's place, and whether its person has just given it or it
     is tried again by itself. One request at a time, in order. */
  const GIVEN = "yes";
  const AGAIN = "no";
  const waiting = new Map();
  const sent = new Map();
  let isBusy = false;
  let timer = null;
  /* The button that was pressed while an answer was on its way: it is pressed again once that one is saved. */
  let pressed = null;

  const unitOf = (control) => {
    const entry = control.closest("[data-entry]");
    if (entry) return { key: entry.dataset.entry, root: entry };
    const list = control.closest("[data-question]");
    if (list) return { key: list.dataset.question, root: list };
    const slot = control.closest(".slot");
    return slot ? { key: slot.id.slice(5), root: slot } : null;
  };

  const controls = (root) => root.querySelectorAll("input:not([type=hidden]):not([name='.shown']), select, textarea");

  const fill = (data, root) => {
    controls(root).forEach((field) => {
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) return;
      data.append(field.name, field.value);
    });
  };

  const rootOf = (key) => form.querySelector(`[data-entry="${CSS.escape(key)}"]`)
    || form.querySelector(`[data-question="${CSS.escape(key)}"]`) || byId(`slot-${key}`);

  const stateOf = (root) => { const data = new FormData(); fill(data, root); return new URLSearchParams(data).toString(); };

  const say = (template) => {
    const part = byId(template);
    if (part) byId("saved").replaceWith(part.content.firstElementChild.cloneNode(true));
  };

  const put = (piece) => {
    const old = byId(piece.id);
    if (!old) return;
    const key = piece.classList.contains("slot") ? piece.id.slice(5) : null;
    /* Somebody types there again: what they type is not taken away; it is saved next. */
    if (key && (waiting.has(key) || (sent.has(key) && old.firstChild && stateOf(old) !== sent.get(key)))) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
    old.replaceWith(piece);
    if (focused && byId(focused)) byId(focused).focus();
  };

  const showPanels = () => form.querySelectorAll("[data-panel]").forEach((panel) => {
    const slots = [...panel.querySelectorAll(".slot")];
    panel.hidden = !slots.some((slot) => slot.firstElementChild);
  });

  const apply = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    [...holder.content.children].forEach(put);
    showPanels();
  };

  const later = () => { clearTimeout(timer); timer = setTimeout(next, RETRY); };

  const send = async (key, root, input) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token());
    data.append(".question", key);
    form.querySelectorAll("input[name='.shown']").forEach((mark) => data.append(".shown", mark.value));
    if (root.dataset.entry) {
      data.append(".entry", key);
      data.append(".entry-shown", root.querySelector("[name='.entry-shown']").value);
    }
    if (root.querySelector(".has-error")) data.append(".redraw", key);
    fill(data, root);
    sent.set(key, stateOf(root));
    /* A retry is nobody's input: it doesn't keep the session alive. */
    const headers = { "X-Input": input };
    return fetch(form.dataset.autosave, { method: "POST", body: data, headers, redirect: "manual", credentials: "same-origin" });
  };

  const rest = () => {
    isBusy = false;
    if (!pressed) return false;
    const button = pressed;
    pressed = null;
    form.requestSubmit(button);
    return true;
  };

  const next = async () => {
    clearTimeout(timer);
    if (isBusy || !waiting.size) return;
    const [key, input] = waiting.entries().next().value;
    waiting.delete(key);
    const root = rootOf(key);
    if (!root) { next(); return; }
    isBusy = true;
    say("saved-busy");
    try {
      const answer = await send(key, root, input);
      if (answer.headers.get("X-Saved")) {
        const urgent = answer.headers.get("X-Urgent");
        apply(await answer.text());
        if (urgent) { waiting.clear(); isClean = true; window.location.assign(urgent); return; }
      } else if (answer.status === 409) {
        apply(await answer.text());
      } else if (answer.status >= 500) {
        putBack(key);
        say("saved-kept");
        if (!rest()) later();
        return;
      } else {
        putBack(key);
        say("saved-out");
        if (answer.status === 401) {
          isBusy = false;
          pressed = null;
          document.dispatchEvent(new CustomEvent("session:over", { detail: answer.headers.get("X-Signed-Out") }));
        } else rest();
        return;
      }
    } catch {
      putBack(key);
      say("saved-kept");
      if (!rest()) later();
      return;
    }
    sent.delete(key);
    if (!rest()) next();
  };

  let isClean = false;
  /* Newer input that came meanwhile stands. */
  const putBack = (key) => { if (!waiting.has(key)) waiting.set(key, AGAIN); };
  const ask = (control) => {
    const unit = unitOf(control);
    if (!unit) return;
    waiting.delete(unit.key);
    waiting.set(unit.key, GIVEN);
  };

  form.addEventListener("change", (event) => { ask(event.target); next(); });

  /* Long text is saved while it is being typed, after a pause. */
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    ask(event.target);
    clearTimeout(timer);
    timer = setTimeout(next, TYPING);
  });

  form.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
  window.addEventListener("online", next);
  document.addEventListener("session:back", next);
  form.addEventListener("submit", (event) => {
    if (isBusy) { event.preventDefault(); pressed = event.submitter; return; }
    isClean = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isClean && (isBusy || waiting.size)) event.preventDefault();
  });

  /* Enter in a one-line field moves on; it never sends a half-filled section by surprise. */
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && field.matches("input") && field.type !== "submit") {
      event.preventDefault();
      ask(field);
      next();
      return;
    }
    const row = field.closest("fieldset.grid-q, fieldset.q");
    if (!row || field.type !== "radio" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      row.querySelectorAll("input[type=radio]:checked").forEach((radio) => { radio.checked = false; });
      event.preventDefault();
      ask(field);
      next();
      return;
    }
    if (!row.matches(".grid-q") || !/^[0-9]$/.test(event.key)) return;
    const wanted = [...row.querySelectorAll("input[type=radio]")].find((radio) => radio.value === event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.checked = true;
    wanted.dispatchEvent(new Event("change", { bubbles: true }));
    const rows = [...form.querySelectorAll("fieldset.grid-q")];
    const after = rows[rows.indexOf(row) + 1];
    const target = after && (after.querySelector("input:checked") || after.querySelector("input[type=radio]"));
    (target || wanted).focus();
  });
}());
