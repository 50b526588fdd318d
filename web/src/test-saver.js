// Saves what is typed: soon after typing pauses, at least every few seconds, one request at a time. While it cannot, the
// program is kept in this browser.
import { backoff, banner, hour, page, post, say } from "./test-page.js";

const PAUSE_MS = 1_200;
const LONGEST_MS = 4_000;
const KEEP_MS = 400;
/** Browsers carry no more than 64 KiB for a page that is gone. */
const MOST_AT_THE_END = 60_000;

export function createSaver({ form, url, editor, anotherTab, over }) {
  const key = `coding-test:${url}`;
  const time = page("[data-saved-at]");
  let saved = fields();
  let unsavedSince = null;
  let timer = null;
  let keeping = null;
  let failures = 0;
  let refused = false;
  let stopped = false;
  let leaving = false;
  /** What is under way; the next waits for it. */
  let last = Promise.resolve();

  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => isDirty() && schedule(0));
  addEventListener("beforeunload", (event) => {
    if (isDirty() && !leaving && !stopped) event.preventDefault();
  });
  addEventListener("pagehide", saveAtTheEnd);
  document.addEventListener("visibilitychange", () => document.hidden && saveAtTheEnd());

  return {
    changed,
    restore,
    exclusively,
    fields,
    accepted,
    isDirty,
    saveNow: () => exclusively(save),
    stop: () => { stopped = true; clearTimeout(timer); },
    leave: () => { leaving = true; },
    forget: () => remove(key),
    offline,
  };

  function fields() {
    return { source: editor.text(), language: form.elements.language.value, tab: form.elements.tab.value };
  }

  function isDirty() {
    const now = fields();
    return now.source !== saved.source || now.language !== saved.language;
  }

  function changed() {
    if (stopped) return;
    unsavedSince ??= performance.now();
    refused = false;
    keeping ??= setTimeout(keep, KEEP_MS);
    if (failures === 0) {
      show("typing");
      schedule(Math.min(PAUSE_MS, Math.max(0, unsavedSince + LONGEST_MS - performance.now())));
    }
  }

  function schedule(wait) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => exclusively(save), wait);
  }

  /** One request at a time, so that an older program never overtakes a newer one. */
  function exclusively(task) {
    clearTimeout(timer);
    const done = last.then(task);
    last = done.catch(() => {});
    return done;
  }

  async function save() {
    if (stopped || refused) return;
    if (!isDirty()) return accepted(saved);
    const sent = fields();
    const { status, answer } = await post(`${url}/draft`, sent);
    if (status === 200) accepted(sent, answer.saved_at);
    else if (status === 409) anotherTab();
    else if (status === 410) over();
    else if (status >= 400 && status < 500 && status !== 408 && status !== 429) refuse(answer.message);
    else failed();
  }

  /** The server has it. */
  function accepted(sent, savedAt) {
    saved = sent;
    failures = 0;
    unsavedSince = null;
    if (savedAt) {
      time.dateTime = savedAt;
      time.textContent = hour(new Date(savedAt));
    }
    banner("offline", false);
    banner("refused", false);
    if (isDirty()) return changed();
    clearTimeout(keeping);
    keeping = null;
    remove(key);
    show("saved");
  }

  /** Sending the same again would not help; the next change may. */
  function refuse(message) {
    refused = true;
    keep();
    show("offline");
    banner("refused", true, message ?? "This could not be saved. Your code is kept in this browser.");
  }

  function failed() {
    keep();
    show("offline");
    banner("offline", true);
    schedule(backoff(failures));
    failures += 1;
  }

  /** Something else than saving found no connection. */
  function offline(words) {
    if (isDirty()) failed();
    banner("refused", true, words);
  }

  function saveAtTheEnd() {
    if (stopped || !isDirty()) return;
    keep();
    const sent = fields();
    if (sent.source.length < MOST_AT_THE_END) exclusively(() => atTheEnd(sent));
  }

  async function atTheEnd(sent) {
    const { status, answer } = await post(`${url}/draft`, sent, { keepalive: true });
    if (status === 200) accepted(sent, answer.saved_at);
    else if (!document.hidden) schedule(0);
  }

  /** With the time of the save that it was made from: if that is still the last one, nobody has written since. */
  function keep() {
    clearTimeout(keeping);
    keeping = null;
    if (stopped || !isDirty()) return;
    const { source, language } = fields();
    write(key, { source, language, base: time.dateTime, at: Date.now() });
  }

  /** After a crash or a lost connection. */
  function restore() {
    const kept = read(key);
    if (!kept || typeof kept.source !== "string" || kept.source === editor.text()) return remove(key);
    if (kept.base === time.dateTime) return take(kept, "What you had typed in this browser is back.");
    page("[data-kept-at]").textContent = hour(new Date(kept.at));
    page("[data-take]").onclick = () => answer(() => take(kept, "This is the newer version."));
    page("[data-leave]").onclick = () => answer(() => remove(key));
    banner("kept", true);
  }

  function answer(does) {
    banner("kept", false);
    does();
    editor.focus();
  }

  function take(kept, words) {
    form.elements.language.value = kept.language;
    editor.setLanguage(kept.language);
    editor.replace(kept.source);
    say(words);
  }
}

function show(state) {
  for (const element of document.querySelectorAll("[data-saved]")) element.hidden = element.dataset.saved !== state;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The storage is full or switched off: the server's copy has to do.
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Without storage there is nothing to remove.
  }
}
