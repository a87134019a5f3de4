// Choosing rows and moving among them with the keyboard.

const startBody = (body) => {
  const bar = body.querySelector("[data-bulk]");
  const boxes = [...body.querySelectorAll(".row-check")];
  const pageBox = body.querySelector("[data-check-page]");
  const all = body.querySelector("[data-bulk-all]");
  const count = body.querySelector("[data-bulk-count]");
  if (bar && boxes.length) {
    if (pageBox) pageBox.hidden = false;
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      bar.hidden = chosen === 0;
      if (chosen === 0 && all) all.checked = false;
      count.textContent = `${count.dataset.text}: ${number.format(chosen)}`;
      count.hidden = Boolean(all?.checked);
      if (pageBox) {
        pageBox.checked = chosen === boxes.length;
        pageBox.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    let last = null;
    boxes.forEach((box, index) => box.addEventListener("click", (event) => {
      // With Shift, everything from the last box to this one.
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(last, index), Math.max(last, index)];
        for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
      }
      last = index;
      tell();
    }));
    pageBox?.addEventListener("change", () => {
      for (const box of boxes) box.checked = pageBox.checked;
      tell();
    });
    all?.addEventListener("change", tell);
    tell();
  }

  // Arrow keys walk from row to row, in the same column of links or boxes.
  body.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = event.target.closest?.("tbody tr");
    if (!row) return;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    const kind = event.target.matches(".row-check") ? ".row-check" : "a, button";
    const target = next?.querySelector(kind);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
};

export const startLists = (root) => {
  // On a phone the filters stand folded, unless one of them is at work.
  if (window.matchMedia("(max-width: 40rem)").matches) {
    for (const filters of root.querySelectorAll("[data-filters]:not([data-active])")) filters.open = false;
  }
  const found = [...root.querySelectorAll(".list-body")];
  if (root.matches?.(".list-body")) found.push(root);
  for (const body of found) {
    if (body.dataset.ready) continue;
    body.dataset.ready = "1";
    startBody(body);
  }
};
