// One candidate, who does what the page in the browser does: types, saves, runs, asks how the clock stands, submits.
import { setTimeout as pause } from "node:timers/promises";
import { ask, textOf } from "./requests.mjs";

const RUN_PATIENCE_MS = 45_000;
const CLOCK_EVERY_MS = 15_000;

export class Candidate {
  /** What the server has said that it has. */
  acknowledged = null;
  /** What was sent since then without an answer: the server may have it. */
  unanswered = [];
  /** What the server has said about the end, and when. */
  ends = [];
  edits = 0;
  submitted = false;

  constructor({ number, url, assessment, program, server, figures }) {
    Object.assign(this, { number, url, assessment, program, server, figures });
  }

  /** Reads, takes a breath, starts. */
  async start() {
    await this.until("welcome", () => this.send("welcome", "GET", ""));
    await this.until("start", () => this.send("start", "POST", "/start", {}));
    await this.open();
  }

  /** Loads the page; afterwards it must show what was saved. */
  async open() {
    const query = this.tab ? `?tab=${this.tab}` : "";
    const { text } = await this.until("page", () => this.send("page", "GET", query));
    const [, left] = /data-clock="(\d+)"/.exec(text) ?? [];
    const [, tab] = /name="tab" value="([^"]+)"/.exec(text) ?? [];
    const [, area] = /<textarea[^>]*name="source"[^>]*>\n?([^<]*)<\/textarea>/.exec(text) ?? [];
    if (left === undefined || tab === undefined || area === undefined) throw new Error(`candidate ${this.number}: no page to work in`);
    this.noteEnd(left);
    if (this.tab && tab !== this.tab) this.figures.error("page", "another tab took over");
    this.tab = tab;
    const stored = textOf(area);
    if (this.acknowledged !== null && stored !== this.acknowledged && !this.unanswered.includes(stored)) {
      this.figures.error("page", `candidate ${this.number}: a draft that was acknowledged is lost`);
    }
    this.source = stored;
    this.acknowledged = stored;
    this.unanswered = [];
  }

  async work(until) {
    const clock = this.watchClock(until);
    let runAt = performance.now() + between(1_000, 20_000);
    while (performance.now() < until) {
      await pause(between(2_000, 4_000));
      this.type();
      if (performance.now() >= runAt) {
        await this.run();
        runAt = performance.now() + between(15_000, 25_000);
      } else await this.save();
    }
    await clock;
  }

  type() {
    this.edits += 1;
    const notes = Array.from({ length: this.edits }, (_, n) => `// ${this.number}.${n + 1}: “what if it fails & fails again?” <é>`);
    this.source = `${this.program.source}\n${notes.join("\n")}\n`;
  }

  /** Until it is saved; typing goes on meanwhile. */
  async save() {
    for (let attempt = 0; ; attempt += 1) {
      const sent = this.source;
      const { status, away } = await this.send("draft", "POST", "/draft", this.fields(sent), sent);
      if (status === 200) return;
      if (away) await this.comeBack(attempt);
      else return this.figures.error("draft", `status ${status}`);
    }
  }

  /** As the page does after a lost connection; and it looks whether all is there. */
  async comeBack(attempt) {
    await pause(backoff(attempt));
    const typed = this.source;
    await this.open();
    this.source = typed;
    this.type();
  }

  async run() {
    for (;;) {
      const sent = this.source;
      const { status, text, away } = await this.send("run", "POST", "/runs", this.fields(sent), sent);
      if (status === 200) {
        const next = JSON.parse(text).next;
        await this.until("results", () => this.send("results", "GET", next.slice(new URL(this.url).pathname.length)));
        return;
      }
      if (away) {
        await this.comeBack(0);
        return this.save();
      }
      if (!isBusy(status, text)) return this.figures.error("run", `status ${status}: ${text.slice(0, 200)}`);
      // It is saved, though not run.
      this.noteSaved(sent);
      this.figures.retried("run", status);
      await pause(between(2_000, 5_000));
    }
  }

  async watchClock(until) {
    await pause(between(0, CLOCK_EVERY_MS));
    while (performance.now() < until) {
      const { status, text } = await this.send("clock", "GET", "/clock");
      if (status === 200) {
        const clock = JSON.parse(text);
        if (clock.state !== "started" || clock.tab !== this.tab) this.figures.error("clock", text);
        this.noteEnd(clock.seconds_left);
      }
      await pause(CLOCK_EVERY_MS);
    }
  }

  noteEnd(secondsLeft) {
    const at = performance.now();
    this.ends.push({ at, end: at + Number(secondsLeft) * 1_000 });
  }

  /** Sent until it has arrived, as the page does. */
  async submit() {
    this.type();
    const sent = this.source;
    for (let attempt = 0; !this.submitted; attempt += 1) {
      const fields = { ...this.fields(sent), confirmed: "yes" };
      const { status, text, away } = await this.send("submission", "POST", "/submission", fields, sent);
      if (status === 200 || status === 410) this.submitted = true;
      else if (away) await pause(backoff(attempt));
      else return this.figures.error("submission", `status ${status}: ${text.slice(0, 200)}`);
    }
  }

  fields(source) {
    return { source, language: this.program.language, tab: this.tab };
  }

  /** A page that is only looked at is loaded again until it comes. */
  async until(action, load) {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await load();
      if (answer.status === 200 || answer.status === 303) return answer;
      if (!answer.away) throw new Error(`candidate ${this.number}: ${action}: status ${answer.status}`);
      await pause(backoff(attempt));
    }
  }

  /** One request. Without an answer is `away` where the server was killed, and an error otherwise. */
  async send(action, method, page, fields, source) {
    const start = performance.now();
    if (source !== undefined) this.unanswered.push(source);
    const accept = ["draft", "run", "clock", "submission"].includes(action) ? "application/json" : "text/html";
    const answer = await ask(method, this.url + page, { fields, accept, patience: action === "run" ? RUN_PATIENCE_MS : 15_000 });
    const away = answer.status === 0 && this.server.wasAwaySince(start);
    if (away) this.figures.retried(action, "away");
    else if (answer.status === 0) this.figures.error(action, `no answer: ${answer.text}`);
    else if (answer.status === 200 || answer.status === 303) this.figures.took(action, performance.now() - start);
    if (answer.status === 200 && source !== undefined) this.noteSaved(source);
    return { ...answer, away };
  }

  noteSaved(source) {
    this.acknowledged = source;
    this.unanswered = [];
  }
}

function isBusy(status, text) {
  return (status === 503 || status === 429) && text.startsWith("{") && JSON.parse(text).reason === "busy";
}

/** The same as in the page. */
function backoff(attempt) {
  return 500 + Math.random() * Math.min(20_000, 1_000 * 2 ** attempt);
}

export function between(least, most) {
  return least + Math.random() * (most - least);
}
