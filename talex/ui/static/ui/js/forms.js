// Sending once, and bringing the reader to what is wrong.

const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button.busy")) {
    button.classList.remove("busy");
    button.removeAttribute("aria-disabled");
  }
};

const focusErrors = (root) => {
  const summary = root.querySelector?.("[data-error-summary]") ?? null;
  summary?.focus();
};

export const startForms = () => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-once]")) return;
    // A file is saved and the page stays: it may be asked for again.
    if (event.submitter?.matches("[data-download]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    // The button is marked, not disabled: a disabled button would not be sent.
    event.submitter?.classList.add("busy");
    event.submitter?.setAttribute("aria-disabled", "true");
  }, true);

  // Coming back with the browser's button finds the form ready again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) release(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt?.closest?.("form[data-sent]");
    if (form) release(form);
  });

  focusErrors(document);
  document.addEventListener("htmx:load", (event) => focusErrors(event.detail.elt));

  // A link of the summary leads to the field itself, also inside tabs.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("[data-lang-part][hidden]")?.dispatchEvent(new CustomEvent("talex:reveal"));
    (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });

  // allauth's script says only the console that a security key or passkey was not used.
  document.addEventListener("allauth.error", (event) => {
    const told = document.querySelector("template[data-key-failed]");
    if (!told || !event.detail?.tags?.includes("webauthn")) return;
    event.preventDefault();
    document.getElementById("key-failed")?.remove();
    const box = document.createElement("div");
    box.id = "key-failed";
    box.setAttribute("role", "alert");
    box.append(told.content.cloneNode(true));
    document.querySelector("main form")?.before(box);
    box.scrollIntoView({ block: "center" });
  });

  // What one has not been allowed to know: a request that failed says so.
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) window.location.reload();
  });
};
