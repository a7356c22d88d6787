/* When the session ends: a warning before, a cover over the page after, and nothing typed is lost. The server's
   clock decides; this script only asks it. What a person does here counts as input, what this script asks doesn't. */
(function () {
  "use strict";

  const WARN = 120;
  const TELL = 60000;
  const here = document.getElementById("session");
  if (!here) return;

  const warning = document.getElementById("session-warning");
  /* Made from its template when it is needed: a page has one main part and one heading. */
  let cover = null;
  const title = document.title;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  const language = document.documentElement.lang;

  let ends = 0;
  let isFinal = false;
  let isOver = false;
  let told = Date.now();
  let timer = null;
  let isTelling = false;

  const remaining = () => Math.ceil((ends - Date.now()) / 1000);
  const inWords = (seconds) => {
    const unit = seconds > 60 ? "minute" : "second";
    const number = unit === "minute" ? Math.ceil(seconds / 60) : Math.max(seconds, 0);
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number);
  };
  const show = (root, name, value) => root.querySelectorAll(`[data-${name}]`).forEach((part) => {
    part.hidden = part.dataset[name] !== value;
  });

  /* ---- what the server says ---- */
  const take = (answer) => {
    if (!answer.left) { end(answer.why || "yes"); return; }
    if (answer.person !== here.dataset.person) { end("yes"); window.location.assign(here.dataset.home); return; }
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = answer.token; });
    ends = Date.now() + answer.left * 1000;
    isFinal = answer.final;
    if (isOver) uncover();
    plan();
  };

  const ask = async () => {
    try {
      const answer = await fetch(here.dataset.status, { headers: { "X-Input": "no" }, credentials: "same-origin" });
      if (answer.ok) take(await answer.json());
    } catch {
      /* No connection: what was known goes on counting. */
    }
  };

  const tell = async () => {
    if (isTelling) return;
    isTelling = true;
    told = Date.now();
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const headers = { "X-Input": "yes", "X-CSRFToken": token ? token.value : "" };
    try {
      const answer = await fetch(here.dataset.stay, { method: "POST", headers, credentials: "same-origin" });
      if (answer.ok) {
        const said = await answer.json();
        take(said);
        if (tabs) tabs.postMessage("input");
      } else if (answer.status === 401) {
        end(answer.headers.get("X-Signed-Out"));
      } else {
        told = 0;
        await ask();
      }
    } catch {
      told = 0;
    }
    isTelling = false;
  };

  /* ---- what the page shows ---- */
  const uncover = () => {
    isOver = false;
    document.body.classList.remove("is-covered");
    cover.remove();
    document.title = title;
    document.dispatchEvent(new CustomEvent("session:back"));
  };

  const end = (why) => {
    clearTimeout(timer);
    warning.hidden = true;
    if (isOver) return;
    isOver = true;
    cover = document.getElementById("session-cover").content.firstElementChild.cloneNode(true);
    show(cover, "why", why || "yes");
    document.body.append(cover);
    document.body.classList.add("is-covered");
    document.title = here.dataset.title;
    cover.focus();
  };

  const warn = () => {
    show(warning, "when", isFinal ? "final" : "idle");
    warning.querySelector("[data-remaining]").textContent = inWords(remaining());
    warning.hidden = false;
  };

  const plan = () => {
    clearTimeout(timer);
    const left = remaining();
    if (left > WARN) {
      warning.hidden = true;
      timer = setTimeout(asked, (left - WARN) * 1000);
    } else if (left > 0) {
      warn();
      timer = setTimeout(plan, left > 60 ? 10000 : 1000);
    } else {
      end(isFinal ? "total" : "idle");
      ask();
    }
  };

  /* Another tab may have gone on meanwhile: the server knows. */
  const asked = async () => {
    await ask();
    if (!isOver) plan();
  };

  const woken = () => {
    if (document.visibilityState !== "visible") return;
    if (!isOver) plan();
    ask();
  };

  /* ---- what the person does ---- */
  const input = (event) => {
    if (!event.isTrusted || isOver || Date.now() - told < TELL) return;
    tell();
  };
  ["pointerdown", "keydown", "wheel", "touchmove"].forEach((name) => {
    document.addEventListener(name, input, { capture: true, passive: true });
  });
  warning.querySelector("button").addEventListener("click", tell);

  document.addEventListener("visibilitychange", woken);
  window.addEventListener("focus", woken);
  window.addEventListener("pageshow", (event) => { if (event.persisted) woken(); });
  document.addEventListener("session:over", (event) => end(event.detail));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) end(event.detail.xhr.getResponseHeader("X-Signed-Out"));
  });
  if (tabs) {
    tabs.addEventListener("message", (event) => { if (event.data === "input" || isOver) ask(); });
    tabs.postMessage("opened");
  }

  ends = Date.now() + Number(here.dataset.left) * 1000;
  isFinal = here.dataset.final === "yes";
  plan();
}());
