/* The builder: a form is saved as soon as a field changes. Without this script its button saves. */
(function () {
  "use strict";

  const RETRY = 5000;
  const byId = (id) => document.getElementById(id);
  const formsOf = (root) => root.querySelectorAll("form[data-autosave]");
  let form = document.querySelector("form[data-autosave]");
  let isBusy = false;
  let isWaiting = false;
  let timer = null;

  const say = (template) => {
    const part = byId(template);
    if (part) byId("saved").replaceWith(part.content.firstElementChild.cloneNode(true));
  };

  /* How many problems there are is looked up by itself: nobody's input, so it keeps no session alive. */
  const countProblems = async () => {
    const slot = byId("problems");
    if (!slot || !slot.dataset.problems) return;
    try {
      const answer = await fetch(slot.dataset.problems, { headers: { "X-Input": "no" }, redirect: "manual", credentials: "same-origin" });
      if (!answer.ok) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      if (byId("problems") === slot) slot.replaceWith(holder.content.firstElementChild);
    } catch { /* It is asked again with the next page. */ }
  };

  const typed = (root) => new URLSearchParams(new FormData(root)).toString();

  /* Every marked piece is put in its place, but for a field that somebody types in again. */
  const put = (page, sentAs) => {
    const still = form && typed(form) === sentAs;
    const active = document.activeElement;
    const focused = active && active.id;
    page.querySelectorAll("[data-piece]").forEach((piece) => {
      const old = byId(piece.id);
      if (!old || old.isEqualNode(piece)) return;
      if (!still && form.contains(old)) return;
      old.replaceWith(document.importNode(piece, true));
    });
    if (!still) {
      const seen = page.querySelector("form[data-autosave] input[name=seen]");
      if (seen) form.querySelector("input[name=seen]").value = seen.value;
    }
    form = document.querySelector("form[data-autosave]");
    if (focused && byId(focused) && document.activeElement !== byId(focused)) byId(focused).focus();
    document.title = page.title;
  };

  /* `input` is "no" where nobody did anything: trying again keeps no session alive. */
  const save = async (input = "yes") => {
    clearTimeout(timer);
    if (!form) return;
    if (isBusy) { isWaiting = true; return; }
    isBusy = true;
    isWaiting = false;
    say("saved-busy");
    const data = new FormData(form);
    const sentAs = new URLSearchParams(data).toString();
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "X-Input": input } });
      if (answer.status === 401 || new URL(answer.url).pathname.startsWith("/account/")) {
        say("saved-lost");
        document.dispatchEvent(new CustomEvent("session:over", { detail: answer.headers.get("X-Signed-Out") }));
      } else if (answer.ok || answer.status === 422 || answer.status === 409) {
        put(new DOMParser().parseFromString(await answer.text(), "text/html"), sentAs);
        if (answer.ok) countProblems(); else say("saved-wrong");
      } else {
        say("saved-lost");
        timer = setTimeout(() => save("no"), RETRY);
      }
    } catch {
      say("saved-lost");
      timer = setTimeout(() => save("no"), RETRY);
    }
    isBusy = false;
    if (isWaiting) save();
  };

  document.addEventListener("change", (event) => {
    if (form && event.target.form === form) save();
  });
  document.addEventListener("session:back", () => { if (form) save("no"); });
  window.addEventListener("online", () => { if (timer) save("no"); });

  /* Enter in a one-line field saves the form as its change does; it never presses a button by surprise. */
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !form || field.form !== form || !field.matches("input:not([type=submit])")) return;
    event.preventDefault();
    save();
  });

  formsOf(document).forEach((each) => each.setAttribute("novalidate", ""));
  countProblems();
}());
