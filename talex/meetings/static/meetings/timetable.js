// The timetable under the mouse and the keyboard. Without this script every meeting is a link to a
// plain page that does the same.

const table = document.querySelector("[data-timetable]");
const say = document.getElementById("say");
const STATES = ["free", "soft", "moves", "no", "here"];
const OPEN = new Set(["free", "soft", "moves"]);

const tell = (text) => {
  // The same text twice in a row would not be read again.
  say.textContent = "";
  requestAnimationFrame(() => { say.textContent = text; });
};

const address = (base, request) => base.replace(table.dataset.nothing, request);
const cellOf = (element) => element?.closest("td[data-start]") ?? null;
const keyOf = (cell) => (table.dataset.by === "hall" ? `${cell.dataset.start}|${cell.dataset.table}` : cell.dataset.start);

const known = new Map(); // request -> promise of its costs, asked once a page

const costs = (request) => {
  if (!known.has(request)) {
    const url = `${address(table.dataset.costs, request)}?${table.dataset.view}`;
    const asked = fetch(url, { headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    asked.catch(() => known.delete(request));
    known.set(request, asked);
  }
  return known.get(request);
};

let picked = null; // { card, request, found, cell, byKey }

const targets = () => {
  if (!picked) return [];
  const cells = table.dataset.by === "hall"
    ? table.querySelectorAll("td[data-start]")
    : picked.card.closest("tr").querySelectorAll("td[data-start]");
  return [...cells];
};

const clear = () => {
  for (const cell of table.querySelectorAll("td[data-cost]")) {
    delete cell.dataset.cost;
    cell.classList.remove("slot-over", "slot-at");
    cell.querySelector(".cost")?.remove();
    cell.removeAttribute("tabindex");
  }
  table.classList.remove("timetable-picking");
  picked?.card.classList.remove("slot-picked");
  picked = null;
};

const paint = (found) => {
  for (const cell of targets()) {
    const [state, text] = found.cells[keyOf(cell)] ?? ["no", table.dataset.saysNone];
    if (!STATES.includes(state)) continue;
    cell.dataset.cost = state;
    const label = document.createElement("span");
    label.className = "cost";
    label.textContent = text;
    label.title = text;
    cell.append(label);
  }
};

const pick = async (card, byKey) => {
  clear();
  const mine = { card, request: card.dataset.request, byKey, cell: cellOf(card), found: null };
  picked = mine;
  card.classList.add("slot-picked");
  table.classList.add("timetable-picking");
  try {
    const found = await costs(mine.request);
    if (picked !== mine) return false;
    mine.found = found;
    paint(found);
    return true;
  } catch {
    if (picked === mine) clear();
    tell(table.dataset.saysFailed);
    return false;
  }
};

// ── the preview ──────────────────────────────────────────────────────────────

const dialog = document.createElement("dialog");
dialog.setAttribute("aria-labelledby", "preview-title");
dialog.id = "preview";
document.getElementById("dialogs").append(dialog);
let back = null;
dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  back?.focus();
});

const load = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    tell(table.dataset.saysFailed);
    return;
  }
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(".form-actions button")?.focus();
};

dialog.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-preview]");
  if (!link) return;
  event.preventDefault();
  load(link.href);
});

const drop = (cell) => {
  const { card, request, found } = picked;
  const state = cell.dataset.cost;
  const text = cell.querySelector(".cost")?.textContent ?? "";
  const table_ = table.dataset.by === "hall" ? cell.dataset.table : found?.cells[keyOf(cell)]?.[2] ?? "";
  clear();
  back = card.querySelector(".slot-open");
  if (!OPEN.has(state)) {
    tell(state === "here" ? table.dataset.saysLetGo : text);
    back.focus();
    return;
  }
  const asked = new URLSearchParams({ start: cell.dataset.start, table: table_, back: table.dataset.back, fragment: "1" });
  if (!table_) asked.set("auto", "1");
  load(`${address(table.dataset.plan, request)}?${asked}`);
};

const letGo = () => {
  const card = picked?.card;
  clear();
  tell(table.dataset.saysLetGo);
  card?.querySelector(".slot-open").focus();
};

// ── the mouse ────────────────────────────────────────────────────────────────

const startMouse = () => {
  // The costs are asked for when the hand comes near, so that they are there when it drags.
  table.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-movable]");
    if (card && event.pointerType === "mouse") costs(card.dataset.request).catch(() => {});
  });
  table.addEventListener("dragstart", (event) => {
    const card = event.target.closest("[data-movable]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.request);
    // Changing the page within the event would end the drag in some browsers.
    setTimeout(() => pick(card, false), 0);
  });
  table.addEventListener("dragover", (event) => {
    const cell = cellOf(event.target);
    if (!picked || !cell) return;
    for (const other of table.querySelectorAll(".slot-over")) if (other !== cell) other.classList.remove("slot-over");
    cell.classList.add("slot-over");
    // Until the costs are here every place is a target; the preview tells then.
    if (!picked.found || OPEN.has(cell.dataset.cost)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
    }
  });
  table.addEventListener("drop", async (event) => {
    const cell = cellOf(event.target);
    if (!picked || !cell) return;
    event.preventDefault();
    const mine = picked;
    picked.dropping = true;
    await costs(mine.request).catch(() => {});
    if (picked === mine && !mine.found) await pick(mine.card, false);
    if (picked) drop(cell);
  });
  table.addEventListener("dragend", () => {
    if (picked && !picked.dropping) clear();
  });
};

// ── the keyboard ─────────────────────────────────────────────────────────────

const stand = (cell) => {
  picked.cell?.classList.remove("slot-at");
  picked.cell = cell;
  cell.classList.add("slot-at");
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const row = cell.closest("tr").querySelector("th").textContent.trim().replace(/\s+/g, " ");
  tell(`${row}, ${cell.dataset.label}: ${cell.querySelector(".cost")?.textContent ?? ""}`);
};

const step = (key) => {
  const cell = picked.cell;
  const row = cell.parentElement;
  const across = { ArrowRight: 1, ArrowLeft: -1 }[key];
  const rtl = getComputedStyle(table).direction === "rtl" ? -1 : 1;
  if (across) {
    let next = cell;
    do next = across * rtl > 0 ? next.nextElementSibling : next.previousElementSibling;
    while (next && !next.matches("td[data-start]"));
    return next;
  }
  if (table.dataset.by !== "hall") return null;
  const at = [...row.children].indexOf(cell);
  let next = row;
  do next = key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  while (next && !next.children[at]?.matches("td[data-start]"));
  return next?.children[at] ?? null;
};

const startKeyboard = () => {
  table.addEventListener("keydown", async (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (picked?.byKey) {
      if (event.key === "Escape") {
        event.preventDefault();
        letGo();
      } else if (event.key.startsWith("Arrow")) {
        event.preventDefault();
        const next = step(event.key);
        if (next) stand(next);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (picked.found) drop(picked.cell);
      } else if (event.key === "Tab") {
        letGo();
      }
      return;
    }
    const open = event.target.closest?.(".slot-open");
    const card = open?.closest("[data-movable]");
    if (card && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      if (event.repeat) return;
      if (await pick(card, true)) {
        stand(cellOf(card));
        tell(table.dataset.saysPicked);
      }
    } else if (open && event.key.toLowerCase() === "o") {
      open.click();
    } else if (open && event.key.toLowerCase() === "l") {
      open.parentElement.querySelector(".slot-lock")?.click();
    }
  });
};

if (table) {
  startMouse();
  startKeyboard();
  // After a move the reader stands where the meeting stands now. The browser goes to the address's
  // mark by itself and takes the focus from whatever has it, so this comes after.
  if (window.location.hash.startsWith("#m")) {
    const card = document.getElementById(window.location.hash.slice(1));
    const stand = () => {
      card?.scrollIntoView({ block: "center", inline: "center" });
      card?.querySelector(".slot-open")?.focus({ preventScroll: true });
    };
    if (document.readyState === "complete") stand();
    else window.addEventListener("load", () => requestAnimationFrame(stand));
  }
}
