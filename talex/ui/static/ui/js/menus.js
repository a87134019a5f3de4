// Menus (<details class="menu">), dialogs and the search shortcut.

// The dialog is only the quicker way: the link leads to a page that does the same.
const openSearch = () => {
  const dialog = document.getElementById("search-dialog");
  if (!dialog?.showModal || dialog.open) return;
  dialog.showModal();
  const input = dialog.querySelector("[data-search-input]");
  input.focus();
  input.select();
};

// Down and up go through the hits and back to where one types; Enter there opens the first hit.
const walkHits = (event) => {
  const here = document.activeElement;
  if (event.key === "Escape" && here?.closest?.("#search-dialog")) {
    // In a search field the browser would only empty it.
    here.closest("dialog").close();
    event.preventDefault();
    return;
  }
  const scope = here?.closest?.("#search-dialog, main");
  if (!scope || !here.matches("[data-search-input], [data-hit]")) return;
  const stops = [scope.querySelector("[data-search-input]"), ...scope.querySelectorAll("[data-hit]")];
  const at = stops.indexOf(here);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    stops[(next + stops.length) % stops.length]?.focus();
    event.preventDefault();
  }
};

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
};

export const startMenus = () => {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));

    if (event.target.closest("[data-search]") && !event.ctrlKey && !event.metaKey) {
      if (document.getElementById("search-dialog")?.showModal) {
        event.preventDefault();
        openSearch();
      }
    }

    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();

    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    // A click on the ground of a dialog closes it, as Escape does.
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });

  document.addEventListener("keydown", (event) => {
    walkHits(event);
    const menu = document.activeElement?.closest?.("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const items = [...menu.querySelectorAll(".menu-item")];
      const here = items.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? here + 1 : here - 1;
      items[(next + items.length) % items.length]?.focus();
      event.preventDefault();
    }
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      openSearch();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });

  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
};
