// Questions that are asked in the page.

import { page } from "./test-page.js";

/** Whether the answer is yes; Escape is no. */
export function ask(name) {
  const dialog = dialogOf(name);
  return new Promise((resolve) => {
    const answered = (yes) => {
      dialog.close();
      resolve(yes);
    };
    dialog.querySelector("[data-yes]").onclick = () => answered(true);
    dialog.querySelector("[data-no]").onclick = () => answered(false);
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}

export function dialogOf(name) {
  return page(`dialog[data-dialog="${name}"]`);
}
