// A `data-once` button sends its form once, however often it is pressed.

export function sendOnce() {
  for (const button of document.querySelectorAll("button[data-once]")) {
    button.form.addEventListener("submit", () => { button.disabled = true; });
    // Whoever comes back to the page may press it again: the server knows what it has.
    addEventListener("pageshow", () => { button.disabled = false; });
  }
}
