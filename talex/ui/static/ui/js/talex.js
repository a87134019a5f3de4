// The entry of the face's scripts. Every page works without them; they only make it quicker to use.
import { startMenus } from "./menus.js";
import { startForms } from "./forms.js";
import { startWidgets } from "./widgets.js";
import { startLists } from "./lists.js";
import { startTheme } from "./theme.js";
import { startPrint } from "./print.js";
import { startTyped } from "./typed.js";

startMenus();
startForms();
startTheme();
startPrint();

// Parts that may arrive later by htmx are started when they arrive.
const enliven = (root) => {
  startWidgets(root);
  startLists(root);
};
enliven(document);
document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
// Last: parts of a form show and hide by what was typed.
startTyped();
