// The pages on which somebody practises a question. All of it works without this; here are a clock for those who like
// one, a count that follows the ticks, and answers kept on the device of those who ask for it.
import { offerClock } from "./practice-clock.js";
import { forgetAll, isKeeping, keep, kept, keptAnswers, setKeeping } from "./practice-kept.js";

const area = find("[data-keep]");
const question = area.dataset.keep;
const writing = document.querySelector("form[data-practice]");
const rating = document.querySelector("form[data-rating]");

if (writing) {
  offerClock(find("[data-minutes]"));
  restoreAnswer(writing.elements.answer);
  writing.elements.answer.addEventListener("input", keepHere);
}
if (rating) {
  restoreTicks();
  countTicks();
  rating.addEventListener("change", () => { countTicks(); keepHere(); });
}
offerToKeep();
keepHere();

function offerToKeep() {
  const box = find("[data-keep-box]");
  area.hidden = false;
  box.checked = isKeeping();
  box.addEventListener("change", () => {
    box.checked = setKeeping(box.checked);
    keepHere();
  });
  find("[data-forget]").addEventListener("click", () => {
    forgetAll();
    box.checked = false;
    sayWhatIsKept("Forgotten. Nothing is kept on this device.");
  });
}

function keepHere() {
  if (isKeeping()) keep(question, { answer: answerHere(), shown: ticks("shown"), wary: ticks("wary") }, Boolean(rating));
  sayWhatIsKept();
}

function sayWhatIsKept(words) {
  const n = keptAnswers();
  find("[data-kept]").hidden = n === 0 && !words;
  find("[data-forget]").hidden = n === 0;
  const text = words ?? (n === 1 ? "1 answer is kept here." : `${n} answers are kept here.`);
  if (find("[data-kept-words]").textContent !== text) find("[data-kept-words]").textContent = text;
}

function answerHere() {
  return (writing ?? rating).elements.answer.value;
}

function restoreAnswer(field) {
  if (field.value === "") field.value = kept(question)?.answer ?? "";
}

/** What was ticked of this very answer, unless the page comes with ticks of its own. */
function restoreTicks() {
  const before = kept(question);
  if (!before || before.answer !== answerHere() || boxes("shown").concat(boxes("wary")).some((box) => box.checked)) return;
  for (const name of ["shown", "wary"]) {
    for (const box of boxes(name)) box.checked = before[name]?.includes(box.value) ?? false;
  }
}

function countTicks() {
  const words = document.querySelector("[data-count]");
  if (!words) return;
  find("[data-counts]").hidden = true;
  words.textContent = `${ticks("shown").length} of ${boxes("shown").length} shown, ${ticks("wary").length} to be wary of`;
}

function ticks(name) {
  return boxes(name).filter((box) => box.checked).map((box) => box.value);
}

function boxes(name) {
  return rating ? [...rating.querySelectorAll(`input[name=${name}]`)] : [];
}

function find(selector) {
  return document.querySelector(selector);
}
