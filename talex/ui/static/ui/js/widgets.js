// Widgets that are plain inputs without a script: tags, languages in tabs, the file zone.

const SEPARATORS = /[,，、;；\n]+/;
const fresh = (root, selector) => {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.push(root);
  return found.filter((element) => !element.dataset.ready && (element.dataset.ready = "1"));
};

const cross = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "m6 6 12 12M18 6 6 18");
  svg.append(path);
  return svg;
};

const tags = (holder) => {
  const kept = holder.querySelector("input");
  const list = holder.querySelector("datalist");
  let words = kept.value.split(SEPARATORS).map((word) => word.trim()).filter(Boolean);

  const box = document.createElement("div");
  box.className = "tagbox";
  const entry = document.createElement("input");
  entry.type = "text";
  entry.className = "tagbox-entry";
  entry.id = kept.id;
  entry.autocomplete = "off";
  for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) {
    if (kept.hasAttribute(name)) entry.setAttribute(name, kept.getAttribute(name));
  }
  if (list) entry.setAttribute("list", list.id);
  kept.removeAttribute("id");
  kept.type = "hidden";
  kept.required = false;
  box.append(entry);
  holder.append(box);

  const draw = () => {
    const before = kept.value;
    kept.value = words.join(", ");
    // Whoever saves while one types hears of it; a value that is set tells nobody.
    if (kept.value !== before) kept.dispatchEvent(new Event("change", { bubbles: true }));
    for (const chip of box.querySelectorAll(".chip")) chip.remove();
    for (const word of words) {
      const chip = document.createElement("span");
      chip.className = "chip";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.setAttribute("aria-label", `${holder.dataset.remove}: ${word}`);
      remove.append(cross());
      remove.addEventListener("click", () => {
        words = words.filter((other) => other !== word);
        draw();
        entry.focus();
      });
      chip.append(word, remove);
      box.insertBefore(chip, entry);
    }
  };
  const take = () => {
    if (!entry.value.trim()) return; // drawing again would take the chip away under the pointer
    const more = entry.value.split(SEPARATORS).map((word) => word.trim()).filter(Boolean);
    words = [...new Set([...words, ...more])];
    entry.value = "";
    draw();
  };
  entry.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method is still at work
    if (event.key === "Enter" && entry.value.trim()) {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !entry.value && words.length) {
      words.pop();
      draw();
    }
  });
  entry.addEventListener("input", (event) => {
    const chosen = [...(list?.options ?? [])].some((option) => option.value === entry.value);
    if (!event.isComposing && (SEPARATORS.test(entry.value) || (chosen && !event.inputType))) take();
  });
  entry.addEventListener("blur", take);
  // Enter's default and the browser's own submit both come after this.
  kept.form?.addEventListener("submit", take, true);
  draw();
};

const languages = (holder) => {
  const parts = [...holder.querySelectorAll("[data-lang-part]")];
  if (parts.length < 2) return;
  const bar = document.createElement("div");
  bar.className = "tabs";
  bar.setAttribute("role", "tablist");
  const buttons = parts.map((part) => {
    const label = part.querySelector("label");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "tab");
    button.textContent = label.textContent;
    button.lang = label.lang;
    part.id = `${part.querySelector("input, textarea").id}_part`;
    part.setAttribute("role", "tabpanel");
    button.id = `${part.id}_tab`;
    part.setAttribute("aria-labelledby", button.id);
    button.setAttribute("aria-controls", part.id);
    label.classList.add("sr-only");
    return button;
  });
  const show = (chosen, focus) => {
    parts.forEach((part, index) => {
      part.hidden = index !== chosen;
      buttons[index].setAttribute("aria-selected", String(index === chosen));
      buttons[index].tabIndex = index === chosen ? 0 : -1;
    });
    if (focus) buttons[chosen].focus();
  };
  const mark = () => parts.forEach((part, index) => {
    const filled = part.querySelector("input, textarea").value.trim() !== "";
    buttons[index].textContent = part.querySelector("label").textContent + (filled ? " ✓" : "");
  });
  buttons.forEach((button, index) => {
    button.addEventListener("click", () => show(index, false));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) show((index + step + parts.length) % parts.length, true);
    });
    parts[index].addEventListener("talex:reveal", () => show(index, false));
  });
  holder.addEventListener("input", mark);
  bar.append(...buttons);
  holder.prepend(bar);
  const own = parts.findIndex((part) => part.querySelector("label").lang === document.documentElement.lang);
  const faulty = parts.findIndex((part) => "faulty" in part.dataset);
  show(faulty >= 0 ? faulty : Math.max(own, 0), false);
  mark();
};

const dropzone = (zone) => {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector(".dropzone-name");
  zone.querySelector("[data-drop-says]").hidden = false;
  const tell = () => {
    const size = (file) => new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: file.size < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1,
    }).format(file.size / (file.size < 1e6 ? 1e3 : 1e6));
    const chosen = [...input.files].map((file) => `${file.name} (${size(file)})`).join(", ");
    name.textContent = chosen || name.dataset.none;
    name.classList.toggle("soft", !chosen);
  };
  tell();
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
};

export const startWidgets = (root) => {
  fresh(root, "[data-tags]").forEach(tags);
  fresh(root, "[data-langs]").forEach(languages);
  fresh(root, "[data-dropzone]").forEach(dropzone);
  // The reader's time zone, asked of the browser instead of the person.
  fresh(root, "[data-time-zone]").forEach((input) => {
    input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });
};
