// The page on which a candidate writes. Each of its forms works without this; here are an editor, saving while one types,
// a clock that runs, and results that come without leaving the page.
import { startClock } from "./test-clock.js";
import { ask } from "./test-dialog.js";
import { mountEditor } from "./test-editor.js";
import { addToLog } from "./test-log.js";
import { runHere } from "./test-run.js";
import { createSaver } from "./test-saver.js";
import { submitOnce } from "./test-submission.js";
import { banner, page, say } from "./test-page.js";

const rehearsal = document.querySelector("form[data-rehearsal]");
const work = document.querySelector("form[data-work]");
if (rehearsal) rehearse(rehearsal);
if (work) sit(work);

function rehearse(form) {
  const editor = editorOf(form, { run: () => form.requestSubmit() });
  form.elements.language.addEventListener("change", () => editor.setLanguage(form.elements.language.value));
  editor.markProblem();
}

function sit(form) {
  const url = form.dataset.work;
  const editor = editorOf(form, { changed: () => changed(), run: () => run() });
  const saver = createSaver({ form, url, editor, anotherTab, over });
  const here = { form, url, editor, saver, anotherTab, over };
  let closed = false;

  startClock({ url, tab: form.elements.tab.value, saver, anotherTab, over });
  saver.restore();
  editor.markProblem();
  const run = runHere(here);
  submitOnce(here);
  addToLog(here);
  changeLanguages(form, editor);
  startOver(form, editor);
  countLines();

  function changed() {
    countLines();
    saver.changed();
  }

  function countLines() {
    const n = editor.lines();
    page("[data-lines]").textContent = `${n} ${n === 1 ? "line" : "lines"}`;
  }

  /** The test was opened elsewhere: that page saves from now on. */
  function anotherTab() {
    saver.stop();
    editor.setReadOnly();
    banner("offline", false);
    banner("tab", true);
  }

  /** The time has ended, or the program was submitted elsewhere. */
  function over() {
    if (closed) return;
    closed = true;
    saver.leave();
    location.assign(url);
  }
}

function editorOf(form, { changed = () => {}, run }) {
  for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;
  if (navigator.platform.startsWith("Mac")) page("[data-mod]").textContent = "⌘";
  const editor = mountEditor(form.elements.source, { language: form.elements.language.value, changed, run });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href='#source']");
    if (!link) return;
    event.preventDefault();
    editor.goTo(Number(link.dataset.line ?? 1), Number(link.dataset.column ?? 1));
  });
  return editor;
}

/** Whoever has not begun to write gets the start in the other language. */
function changeLanguages(form, editor) {
  const choice = form.elements.language;
  let before = choice.value;
  choice.addEventListener("change", () => {
    editor.setLanguage(choice.value);
    if (editor.text().trim() === starter(before).trim()) editor.replace(starter(choice.value));
    before = choice.value;
    editor.touch();
  });
}

function startOver(form, editor) {
  const button = page("[data-reset]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await ask("reset"))) return;
    editor.replace(starter(form.elements.language.value));
    say("The program is the one you began with.");
    editor.focus();
  });
}

function starter(language) {
  return page(`[data-starter="${language}"]`).textContent;
}
