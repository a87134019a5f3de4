// Saving while one types. htmx sends the form; this tells what it cannot: a save that failed, that
// it is tried again, and that a page is left before it was.
// The pages work without it: the button saves as well.

const WAITS = [2000, 5000, 15000, 30000];

const start = (form) => {
  let unsaved = false;
  let failures = 0;
  let timer = 0;

  const again = () => {
    window.clearTimeout(timer);
    if (unsaved) form.dispatchEvent(new CustomEvent("talex:save", { bubbles: true }));
  };
  const failed = () => {
    const status = document.getElementById("draft-status");
    if (status) {
      status.replaceChildren();
      const text = document.createElement("p");
      text.className = "draft-failed";
      text.textContent = form.dataset.failed;
      status.append(text);
      status.dataset.draftSaved = "failed";
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(again, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  };

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("change", () => { unsaved = true; });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (event.detail.successful) {
      unsaved = false;
      failures = 0;
    } else if (!event.detail.xhr?.status || event.detail.xhr.status >= 500) {
      unsaved = true;
      failed();
    }
  });
  // A refusal is shown as it is told; it is not tried again.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  window.addEventListener("online", again);
  // Where no connection is known of, sending the page would lose it to an error page.
  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      event.stopImmediatePropagation();
      failed();
      return;
    }
    unsaved = false;
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && failures) event.preventDefault();
  });
};

for (const form of document.querySelectorAll("form[data-draft]")) start(form);
