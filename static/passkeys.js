/* Passkeys: asks the browser for one and sends its answer with the form. Without this script, codes work. */
(function () {
  "use strict";

  const toBytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const toBytesEach = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  /* The server speaks in base64url, the browser in bytes. */
  const asked = {
    create: (options) => ({
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: toBytesEach(options.excludeCredentials),
    }),
    get: (options) => ({
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: toBytesEach(options.allowCredentials),
    }),
  };

  const answered = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const request = async (form) => {
    const answer = await fetch(form.dataset.request, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Accept": "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).publicKey;
  };

  const prove = async (form) => {
    const way = form.dataset.passkey;
    const trouble = form.querySelector("[data-trouble]");
    trouble.hidden = true;
    trouble.textContent = "";
    form.setAttribute("aria-busy", "true");
    try {
      const publicKey = asked[way](await request(form));
      const credential = await navigator.credentials[way]({ publicKey });
      form.querySelector("[data-credential]").value = JSON.stringify(answered(credential));
      form.submit();
    } catch {
      trouble.textContent = trouble.dataset.trouble;
      trouble.hidden = false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  const start = () => {
    if (!window.PublicKeyCredential || !navigator.credentials) return;
    document.querySelectorAll("form[data-passkey]").forEach((form) => {
      form.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (form.getAttribute("aria-busy") !== "true") prove(form);
      });
    });
    document.querySelectorAll("[data-no-passkeys]").forEach((part) => { part.hidden = true; });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}());
