// What was typed and not kept comes back with its page: where another language was chosen, and where
// the session ended meanwhile, once the same account has signed in.

const KEPT = "talex.typed";
// What the page itself holds, what nobody but the browser should keep, and what no script may fill.
const LEFT = new Set(["hidden", "password", "file", "submit", "button", "image", "reset"]);

const formsOf = () => [...document.querySelectorAll("main form[method=post]")];

const controlsOf = (form) =>
  [...form.elements].filter((one) => one.name && one.type && !LEFT.has(one.type));

const read = (one) => {
  if (one.type === "checkbox" || one.type === "radio") return one.checked;
  if (one.type === "select-multiple") return [...one.selectedOptions].map((option) => option.value);
  return one.value;
};

const write = (one, value) => {
  if (one.type === "checkbox" || one.type === "radio") one.checked = value;
  else if (one.type === "select-multiple") {
    for (const option of one.options) option.selected = value.includes(option.value);
  } else one.value = value;
  one.dispatchEvent(new Event("input", { bubbles: true }));
  one.dispatchEvent(new Event("change", { bubbles: true }));
};

const here = () => location.pathname + location.search;
const signsIn = () => location.pathname.startsWith("/accounts/");

const store = (kept) => {
  try {
    if (kept) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing: the page is empty then, as without this script.
  }
};

const stored = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
};

// `due`: it comes back on the next page already, and not only past those on which one signs in.
const keep = (page, due) => {
  const forms = formsOf().map((form) => controlsOf(form).map((one) => [one.name, read(one)]));
  store(forms.length ? { page, due, reader: document.body.dataset.reader, forms } : null);
};

const giveBack = () => {
  const kept = stored();
  if (signsIn() && kept && kept.page !== here()) {
    store({ ...kept, due: true });
    return;
  }
  store(null);
  if (!kept?.due || kept.page !== here() || kept.reader !== document.body.dataset.reader) return;
  formsOf().forEach((form, at) => {
    const values = kept.forms[at] ?? [];
    const controls = controlsOf(form);
    // Another form than it was is not filled.
    if (controls.length !== values.length) return;
    controls.forEach((one, place) => {
      const [name, value] = values[place];
      if (one.name === name && JSON.stringify(read(one)) !== JSON.stringify(value)) write(one, value);
    });
  });
};

export const startTyped = () => {
  let chosen = false;
  document.addEventListener("submit", (event) => {
    const target = event.target.querySelector?.("input[name=next]");
    chosen = Boolean(event.target.matches?.("[data-keeps-typed]") && target);
    if (chosen) keep(target.value, true);
  });
  // Once all scripts listen: what saves as one types is to learn of it.
  if (document.readyState === "complete") giveBack();
  else addEventListener("load", giveBack, { once: true });
  // Whatever leads away: what was sent may have met a session that is over.
  addEventListener("pagehide", () => {
    if (!chosen && !signsIn()) keep(here(), false);
  });
};
