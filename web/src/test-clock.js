// The clock: the server keeps it, this shows it. Minutes, and seconds in the last one; it speaks twice.
import { hour, page, pause, say } from "./test-page.js";

const ASK_EVERY_MS = 15_000;
/** What is still unsaved so shortly before the end is saved at once. */
const LAST_SAVE_MS = 2_500;
const SPOKEN = [5, 1];

export function startClock({ url, tab, saver, anotherTab, over }) {
  const bar = page("[data-clock]");
  const ends = page("[data-ends]");
  let endsAt = performance.now() + Number(bar.dataset.clock) * 1_000;
  let endsOn = new Date(ends.dateTime);
  let spoken = SPOKEN.filter((minutes) => left() > minutes * 60_000);
  let lastSave = false;
  let ended = false;

  setInterval(tick, 1_000);
  setInterval(correct, ASK_EVERY_MS);
  addEventListener("focus", correct);
  document.addEventListener("visibilitychange", () => document.hidden || correct());
  tick();

  function left() {
    return endsAt - performance.now();
  }

  function tick() {
    const seconds = Math.max(0, Math.floor(left() / 1_000));
    for (const element of document.querySelectorAll("[data-left]")) {
      const words = inWords(seconds);
      if (element.textContent !== words) element.textContent = words;
    }
    speak(seconds);
    if (left() < LAST_SAVE_MS && !lastSave) {
      lastSave = true;
      saver.saveNow();
    }
    if (left() <= 0 && !ended) finish();
  }

  function speak(seconds) {
    const due = spoken.find((minutes) => seconds <= minutes * 60);
    if (due === undefined) return;
    spoken = spoken.filter((minutes) => minutes !== due);
    say(`${due} ${due === 1 ? "minute" : "minutes"} left. What is saved at the end is submitted by itself.`);
  }

  /** The server submits; the page waits until it says so. */
  async function finish() {
    ended = true;
    while (left() <= 0) {
      await correct();
      await pause(1_000);
    }
    ended = false;
  }

  async function correct() {
    const clock = await askServer(`${url}/clock`);
    if (!clock) return;
    if (clock.state !== "started") return over();
    if (clock.tab && clock.tab !== tab) anotherTab();
    const moved = clock.seconds_left * 1_000 - left();
    if (Math.abs(moved) < 1_500) return;
    endsAt += moved;
    endsOn = new Date(endsOn.getTime() + moved);
    ends.textContent = hour(endsOn);
    spoken = SPOKEN.filter((minutes) => left() > minutes * 60_000);
    tick();
  }
}

async function askServer(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function inWords(seconds) {
  if (seconds < 60) return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
}
