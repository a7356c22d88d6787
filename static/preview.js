/* A preview comes back at the list that was changed, not at the top of the page. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-land]");
  const place = form && document.getElementById(form.dataset.land);
  if (place) place.scrollIntoView();
}());
