// Many candidates at work at once on one server: what each action takes, and whether anything is lost.
//
//   node benches/candidates/candidates.mjs [PATH-TO-HALFOPEN] [--candidates 200] [--seconds 60]
//                                          [--kill] [--away SECONDS] [--postgres]
//
// With --kill the server gets SIGKILL while everybody types, and again while everybody submits. With --postgres the
// database is a new one in HALFOPEN_TEST_POSTGRES; tests/services/with-postgres provides that.
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Candidate, between } from "./candidate.mjs";
import { Figures } from "./figures.mjs";
import { ask, textOf } from "./requests.mjs";
import { Server } from "./server.mjs";

/** Everybody submits within this time, as at the end of a session that began together. */
const SUBMITTING_MS = 4_000;
const INVITING_AT_ONCE = 4;
const GRADING_MS = 300_000;
/** A gap between two heartbeats of the server from which on it was an outage, and how far apart they are. */
const GAP_MS = 12_000;
const BEAT_MS = 5_000;
/** The clock is told in whole seconds. */
const ROUNDING_MS = 2_500;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    candidates: { type: "string", default: "200" },
    seconds: { type: "string", default: "60" },
    away: { type: "string", default: "2" },
    kill: { type: "boolean", default: false },
    postgres: { type: "boolean", default: false },
  },
});
const [count, typingMs, awayMs] = [Number(values.candidates), Number(values.seconds) * 1_000, Number(values.away) * 1_000];
const binary = positionals[0] ?? process.env.HALFOPEN_BINARY;
if (!binary || !(count > 0) || !(typingMs > 0) || !(awayMs >= 0)) {
  console.error("Usage: node benches/candidates/candidates.mjs PATH-TO-HALFOPEN [--candidates N] [--seconds N] [--kill] [--away N] [--postgres]");
  process.exit(2);
}

const figures = new Figures();
const server = await Server.open({ binary, postgres: values.postgres });
try {
  await server.start();
  const cookie = await server.signIn();
  const candidates = await inviteAll(cookie);
  await Promise.all([everybodyWorks(candidates), killTwice()]);
  const graded = await waitForVerdicts(candidates, cookie);
  report(candidates, graded);
  await check(candidates, cookie);
} finally {
  await server.close();
}
for (const error of new Set(figures.errors)) console.error(`error: ${error}`);
console.log(figures.errors.length === 0 ? "Nothing was lost, and nothing came twice." : `${figures.errors.length} errors`);
process.exitCode = figures.errors.length === 0 ? 0 : 1;

async function inviteAll(cookie) {
  const programs = correctPrograms();
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const candidates = [];
  await Promise.all(Array.from({ length: INVITING_AT_ONCE }, async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const { assessment, link } = await invite(number, cookie);
      const program = programs[number % programs.length];
      candidates.push(new Candidate({ number, url: link, assessment, program, server, figures }));
    }
  }));
  return candidates;
}

/** Programs that are correct take longest: nothing about them is settled early. */
function correctPrograms() {
  const folder = new URL("../../challenges/execute-with-retry/proofs/correct/", import.meta.url);
  return readdirSync(folder).map((name) => ({
    language: name.endsWith(".ts") ? "typescript" : "javascript",
    source: readFileSync(new URL(name, folder), "utf8"),
  }));
}

async function invite(number, cookie) {
  const form = (await ask("GET", `${server.url}/assessments/new`, { cookie })).text;
  const value = (name) => textOf(new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(form)[1]);
  const start = performance.now();
  const answer = await ask("POST", `${server.url}/assessments`, {
    cookie,
    fields: {
      form_token: value("form_token"),
      candidate: `Candidate ${number}`,
      email: `candidate-${number}@example.com`,
      challenge: /<option value="([^"]+)"/.exec(form)[1],
      variant: number % 2 ? "without_ai" : "with_ai",
      minutes: value("minutes"),
      extra: value("extra"),
      deadline: value("deadline"),
    },
  });
  if (answer.status !== 303) throw new Error(`candidate ${number} was not invited: status ${answer.status}`);
  figures.took("invitation", performance.now() - start);
  const assessment = answer.headers.get("location");
  const page = (await ask("GET", server.url + assessment, { cookie })).text;
  const link = textOf(/id="address" value="([^"]+)"/.exec(page)[1]);
  return { assessment, link };
}

async function everybodyWorks(candidates) {
  const until = performance.now() + typingMs;
  await Promise.all(candidates.map(async (candidate) => {
    await candidate.start();
    await candidate.work(until);
    await pause(Math.max(0, until - performance.now()) + between(0, SUBMITTING_MS));
    await candidate.submit();
  }));
}

async function killTwice() {
  if (!values.kill) return;
  await pause(typingMs / 2);
  await server.killAndStart(awayMs);
  const first = server.outages[0];
  // Some have submitted by then, some are about to, and some are in the middle of it.
  await pause(typingMs / 2 + SUBMITTING_MS / 2 - (first.to - first.from));
  await server.killAndStart(awayMs);
}

/** How long after the last submission the last verdict was there. */
async function waitForVerdicts(candidates, cookie) {
  const start = performance.now();
  for (const candidate of candidates) {
    candidate.page = (await ask("GET", server.url + candidate.assessment, { cookie })).text;
    candidate.submission = /href="(\/submissions\/[\da-f-]+)"/.exec(candidate.page)?.[1];
    if (!candidate.submission) figures.error("verdict", `candidate ${candidate.number} has no submission`);
  }
  for (const { number, submission } of candidates.filter((candidate) => candidate.submission)) {
    for (;;) {
      const { status, text } = await ask("GET", `${server.url}${submission}/report`, { cookie, accept: "application/json" });
      if (status === 200 && JSON.parse(text).outcome) break;
      if (status !== 404 || performance.now() - start > GRADING_MS) {
        figures.error("verdict", `candidate ${number}: status ${status}`);
        break;
      }
      await pause(100);
    }
  }
  return performance.now() - start;
}

function report(candidates, graded) {
  const database = values.postgres ? "PostgreSQL" : "SQLite";
  const away = server.outages.map(({ from, to }) => `${((to - from) / 1_000).toFixed(1)} s`).join(" and ");
  console.log(`${candidates.length} candidates for ${typingMs / 1_000} s, ${database}${away && `, killed and away for ${away}`}\n`);
  figures.print();
  console.log(`\nThe last verdict was there ${(graded / 1_000).toFixed(1)} s after the last submission.`);
  console.log(`The server took ${server.mostMegabytes().toFixed(0)} MB at the most.`);
}

/** Everybody has one submission, which is what they last wrote, and one mail that says so. */
async function check(candidates, cookie) {
  for (const { number, submission, acknowledged, submitted, page } of candidates) {
    if (!submitted) figures.error("check", `candidate ${number} could not submit`);
    const { text } = await ask("GET", `${server.url}${submission}/source`, { cookie });
    if (text !== acknowledged) figures.error("check", `candidate ${number}: another program was submitted than was sent`);
    // The invitation, and the receipt.
    const mails = page.match(/href="\/mail\/[\da-f-]+"/g)?.length;
    if (mails !== 2) figures.error("check", `candidate ${number} got ${mails} mails`);
  }
  const submissions = await allSubmissions(cookie);
  if (submissions.size !== candidates.length) figures.error("check", `${submissions.size} submissions of ${candidates.length} candidates`);
  for (const outage of server.outages) checkGivenBack(candidates, outage);
}

async function allSubmissions(cookie) {
  const found = new Set();
  for (let page = "/submissions"; page; ) {
    const { text } = await ask("GET", server.url + page, { cookie });
    for (const [, id] of text.matchAll(/href="\/submissions\/([\da-f-]{36})"/g)) found.add(id);
    const older = /href="([^"]+)" rel="next"/.exec(text)?.[1];
    page = older && textOf(older);
  }
  return found;
}

/** An outage that counts moves the end of every test by at least its length; a hiccup moves nothing. */
function checkGivenBack(candidates, { from, to }) {
  const counts = to - from >= GAP_MS ? true : to - from + BEAT_MS < GAP_MS ? false : null;
  const next = Math.min(...server.outages.map((outage) => outage.from).filter((start) => start > to));
  const last = Math.max(...server.outages.map((outage) => outage.to).filter((end) => end < from));
  for (const { number, ends } of candidates) {
    const before = ends.findLast(({ at }) => at > last && at < from);
    const after = ends.findLast(({ at }) => at > to && at < next);
    if (!before || !after || counts === null) continue;
    const moved = after.end - before.end;
    const least = counts ? to - from : 0;
    const most = counts ? to - from + BEAT_MS : 0;
    if (moved < least - ROUNDING_MS || moved > most + ROUNDING_MS) {
      figures.error("check", `candidate ${number}: the end moved by ${Math.round(moved)} ms in an outage of ${Math.round(to - from)} ms`);
    }
  }
}
