/* A preview comes back at the list that was changed, and what was folded or scrolled stays so. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-land]");
  const place = form && document.getElementById(form.dataset.land);
  if (place) place.scrollIntoView();

  const folded = new Map();
  let scrolled = 0;
  /* The new page stands above the old one for a moment: without this the browser would scroll along with the old. */
  let onPage = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    document.querySelectorAll("#findings details[id]").forEach((each) => folded.set(each.id, each.open));
    const aside = document.querySelector(".layout--found > .aside");
    if (aside) scrolled = aside.scrollTop;
    onPage = window.scrollY;
  });
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("#findings details[id]").forEach((each) => {
      if (folded.has(each.id)) each.open = folded.get(each.id);
    });
    const aside = document.querySelector(".layout--found > .aside");
    if (aside) aside.scrollTop = scrolled;
    window.scrollTo({ top: onPage, behavior: "instant" });
  });
}());
