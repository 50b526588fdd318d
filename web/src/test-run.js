// Run: saves and runs in one request, then shows the results in their place.
import { banner, fetchPage, page, post, say, swap } from "./test-page.js";

const PATIENCE_MS = 45_000;

/** Returns what runs the program, for the keyboard. */
export function runHere({ form, url, editor, saver, anotherTab, over }) {
  const button = page("[data-run]");
  const label = button.querySelector("span");
  let busy = false;

  button.addEventListener("click", (event) => {
    event.preventDefault();
    run();
  });
  return run;

  async function run() {
    if (busy) return;
    busy = true;
    working(true);
    say("Running");
    try {
      await saver.exclusively(send);
    } finally {
      busy = false;
      working(false);
    }
  }

  async function send() {
    const sent = saver.fields();
    const { status, answer } = await post(`${url}/runs`, sent, { patience: PATIENCE_MS });
    if (status === 200) {
      saver.accepted(sent);
      await show(answer.next);
    } else if (status === 409) anotherTab();
    else if (status === 410) over();
    else if (status === 0) saver.offline("It was not run: no connection. Press Run again when it is back.");
    else banner("refused", true, answer.message ?? "This could not be run. Please try again in a few seconds.");
  }

  async function show(next) {
    let results;
    try {
      const fresh = await fetchPage(next);
      saver.accepted(saver.fields(), fresh.querySelector("[data-saved-at]").dateTime);
      results = swap("#results", fresh);
    } catch {
      banner("refused", true, "It ran, but the results did not arrive. Reload the page to see them.");
      return;
    }
    editor.markProblem();
    say(`The results are here: ${results.querySelector("[data-outcome]").textContent}`);
    results.scrollIntoView({ block: "nearest" });
  }

  function working(on) {
    label.textContent = on ? "Running" : "Run";
    button.setAttribute("aria-busy", String(on));
    form.toggleAttribute("data-running", on);
  }
}
