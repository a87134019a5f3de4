// <button type="button" data-print> opens the browser's print dialog.
export const startPrint = () => {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
};
