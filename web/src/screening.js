// Reading résumés: what is typed saves itself, and keys lead from one criterion to the next. Without this, the form is
// filled in and saved by hand.

const WAIT_MS = 1_500;
const KEYS_OFF = "screening-keys";
const TEXT = "textarea, input:not([type=radio], [type=checkbox]), select, [contenteditable]";

const form = document.getElementById("reading");
const said = document.getElementById("saved");
const criteria = [...form.querySelectorAll("[data-criterion]")];
let timer = 0;
let saving = null;
let here = 0;
/** What was last selected in what the candidate sent: a button or a key that is pressed may take the selection away. */
let selected = "";

keepDraft();
followTheReader();
offerQuotes();
offerKeys();

function keepDraft() {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_MS);
  });
  // Whoever leaves within a moment of the last key loses nothing, either: what is on its way may end with the page.
  addEventListener("pagehide", () => {
    if (timer || saving) navigator.sendBeacon(form.action, typed());
  });
  // A form that is sent while it is being saved would meet its own change as somebody else's.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = 0;
    if (!saving) return;
    event.preventDefault();
    const { submitter } = event;
    saving.finally(() => form.requestSubmit(submitter));
  });
}

function save() {
  timer = 0;
  if (saving) return saving.finally(save);
  saving = send().finally(() => { saving = null; });
  return saving;
}

function typed() {
  const data = new URLSearchParams(new FormData(form));
  data.set("intent", "autosave");
  return data;
}

async function send() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: typed() });
    if (answer.status === 409) return say("Changed in another window: save or submit to see");
    if (!answer.ok) throw new Error(answer.status);
    const { revision, at } = await answer.json();
    form.elements.revision.value = revision;
    say(`Draft saved ${new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`);
  } catch {
    say("Not saved: no connection");
    timer = setTimeout(save, 10 * WAIT_MS);
  }
}

function say(words) {
  said.textContent = words;
}

/** The criterion that keys mean is the one that was touched last. */
function followTheReader() {
  for (const [at, criterion] of criteria.entries()) criterion.addEventListener("focusin", () => mark(at));
}

function mark(at) {
  here = at;
  for (const [n, criterion] of criteria.entries()) criterion.classList.toggle("here", n === at);
}

function goTo(at) {
  const next = Math.min(Math.max(at, 0), criteria.length - 1);
  mark(next);
  criteria[next].focus({ preventScroll: true });
  criteria[next].scrollIntoView({ block: "nearest" });
}

function offerQuotes() {
  document.addEventListener("selectionchange", noteSelection);
  for (const [at, criterion] of criteria.entries()) {
    const button = criterion.querySelector("[data-quote]");
    button.hidden = false;
    button.addEventListener("click", () => quote(at));
  }
}

function noteSelection() {
  const selection = document.getSelection();
  const text = selection.toString().trim();
  const within = selection.anchorNode?.parentElement?.closest("[data-text]");
  if (within && text !== "") selected = text;
}

function quote(at) {
  // A key may come before the browser has told of the selection.
  noteSelection();
  if (selected === "") return say("Select a part of the résumé first");
  const area = criteria[at].querySelector("textarea");
  const words = `“${selected.replace(/\s+/g, " ")}”`;
  area.value = area.value.trim() === "" ? words : `${area.value.trimEnd()}\n${words}`;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  mark(at);
}

function offerKeys() {
  const help = form.querySelector("[data-keys]");
  const on = help.querySelector("[data-keys-on]");
  help.hidden = false;
  on.checked = read(KEYS_OFF) === null;
  on.addEventListener("change", () => keep(KEYS_OFF, on.checked ? null : "off"));
  // Turning the keys on or off is no part of the draft.
  on.addEventListener("input", (event) => event.stopPropagation());
  document.addEventListener("keydown", (event) => {
    if (on.checked && !event.defaultPrevented && !event.isComposing) pressed(event);
  });
}

function pressed(event) {
  const { key, target } = event;
  const typing = target.closest?.(TEXT);
  if (typing) {
    if (key === "Escape" && form.contains(typing)) goTo(here);
    return;
  }
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=submit]"));
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && act(key, target)) {
    event.preventDefault();
  }
}

/** True when the key was meant for us. */
function act(key, target) {
  // Arrows scroll the papers, and choose among scores.
  const arrows = !target.closest?.("[data-text], input, summary, a, button");
  if (/^[0-3]$/.test(key)) return score(key);
  if (key === "j" || (key === "ArrowDown" && arrows)) goTo(started() ? here + 1 : 0);
  else if (key === "k" || (key === "ArrowUp" && arrows)) goTo(here - 1);
  else if (key === "q") quote(here);
  else if (key === "w") criteria[here].querySelector("textarea").focus();
  else return false;
  return true;
}

function started() {
  return criteria.some((criterion) => criterion.classList.contains("here"));
}

function score(key) {
  const choice = criteria[here].querySelector(`input[type=radio][value="${key}"]`);
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  mark(here);
  return true;
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage the choice holds for this page.
  }
}
