// Choosing another language loads the page anew: what was typed and not sent comes back with it.

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

const keep = (page) => {
  const forms = formsOf().map((form) => controlsOf(form).map((one) => [one.name, read(one)]));
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ page, forms }));
  } catch {
    // A browser that keeps nothing: the page is empty then, as without this script.
  }
};

const giveBack = () => {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch {
    return;
  }
  if (kept?.page !== location.pathname + location.search) return;
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
  document.addEventListener("submit", (event) => {
    const target = event.target.querySelector?.("input[name=next]");
    if (event.target.matches?.("[data-keeps-typed]") && target) keep(target.value);
  });
  giveBack();
};
