// Light or dark without loading the page again; the server remembers it in a cookie.

export const startTheme = () => {
  // Two of them: in the top bar, and at the foot of narrow pages.
  const forms = [...document.querySelectorAll("[data-theme-form]")];
  const listen = (form) => form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (!theme) return;
    event.preventDefault();
    const root = document.documentElement;
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of forms.flatMap((one) => [...one.querySelectorAll("button")])) {
      if (button.value === theme) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const menu = form.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    const data = new FormData(form);
    data.set("theme", theme);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  });
  forms.forEach(listen);
};
