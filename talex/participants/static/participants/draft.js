// Saving while one types. htmx sends the form; this tells what it cannot: a save that failed, that
// it is tried again, and that a page is left before it was.
// The pages work without it: the button saves as well.

const WAITS = [2000, 5000, 15000, 30000];

const start = (form) => {
  // Counts what was typed, and how much of it was sent and saved.
  let typed = 0;
  let sent = 0;
  let saved = 0;
  let failures = 0;
  let timer = 0;

  const again = () => {
    window.clearTimeout(timer);
    if (typed > saved) form.dispatchEvent(new CustomEvent("talex:save", { bubbles: true }));
  };
  const tell = (state, words, css) => {
    const status = document.getElementById("draft-status");
    if (!status) return;
    const text = document.createElement("span");
    text.className = css;
    text.textContent = words;
    status.replaceChildren(text);
    status.dataset.draftSaved = state;
  };
  const failed = () => {
    tell("failed", form.dataset.failed, "draft-failed");
    window.clearTimeout(timer);
    timer = window.setTimeout(again, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  };

  const onTyped = () => {
    // While there is no connection, what is told stays.
    if (!failures) tell("typing", form.dataset.saving, "small soft");
    typed += 1;
  };
  form.addEventListener("input", onTyped);
  form.addEventListener("change", onTyped);
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form) sent = typed;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    if (event.detail.successful) {
      saved = sent;
      failures = 0;
    } else if (!event.detail.xhr?.status || event.detail.xhr.status >= 500) {
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
    saved = typed;
  }, true);
  // A page that goes away before the last letters were sent sends them with its last breath.
  window.addEventListener("pagehide", () => {
    if (typed > saved) navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed > saved && failures) event.preventDefault();
  });
};

for (const form of document.querySelectorAll("form[data-draft]")) start(form);
