// Many people apply at once for one job: what each step takes, and whether every application is stored, whole.
//
//   node benches/applications/applications.mjs [PATH-TO-HALFOPEN] [--minute 500] [--seconds 60] [--postgres]
//
// So many applications a minute arrive, evenly, whether or not the earlier ones are done: a slow server gets no rest.
// Each is four requests: the first page, its answers, the draft, and the whole application with a résumé of 30 KB.
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Figures } from "../candidates/figures.mjs";
import { ask, textOf } from "../candidates/requests.mjs";
import { Server } from "../candidates/server.mjs";

const READING_MS = 300_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minute: { type: "string", default: "500" },
    seconds: { type: "string", default: "60" },
    postgres: { type: "boolean", default: false },
  },
});
const [minute, seconds] = [Number(values.minute), Number(values.seconds)];
const binary = positionals[0] ?? process.env.HALFOPEN_BINARY;
if (!binary || !(minute > 0) || !(seconds > 0)) {
  console.error("Usage: node benches/applications/applications.mjs PATH-TO-HALFOPEN [--minute N] [--seconds N] [--postgres]");
  process.exit(2);
}
// Everybody comes from an address of their own, as behind a proxy.
process.env.HALFOPEN_TRUST_PROXY = "1";

const figures = new Figures();
const server = await Server.open({ binary, postgres: values.postgres });
try {
  await server.start();
  const cookie = await server.signIn();
  const job = await publishJob(cookie);
  const applicants = await everybodyApplies(job);
  const read = await waitForTexts(applicants, cookie, job);
  const database = values.postgres ? "PostgreSQL" : "SQLite";
  console.log(`${applicants.length} applications in ${seconds} s, ${database}\n`);
  figures.print();
  console.log(`\nThe last résumé was read ${(read / 1_000).toFixed(1)} s after the last application.`);
  console.log(`The server took ${server.mostMegabytes().toFixed(0)} MB at the most.`);
  await check(applicants, cookie, job);
} finally {
  await server.close();
}
for (const error of new Set(figures.errors)) console.error(`error: ${error}`);
console.log(figures.errors.length === 0 ? "All are stored, each once and whole." : `${figures.errors.length} errors`);
process.exitCode = figures.errors.length === 0 ? 0 : 1;

/** With what the form for a new job proposes. */
async function publishJob(cookie) {
  const choice = (await ask("GET", `${server.url}/openings/new`, { cookie })).text;
  const kit = /<option value="([\da-f-]{36})"/.exec(choice)[1];
  const form = (await ask("GET", `${server.url}/openings/new?kit=${kit}`, { cookie })).text;
  const fields = Object.fromEntries(fieldsOf(form));
  Object.assign(fields, { title: "Integration Engineer", place: "Lisbon", country: "PT", about: "You build what lets systems talk." });
  const made = await ask("POST", `${server.url}/openings`, { cookie, fields });
  const page = made.headers.get("location");
  if (!page) throw new Error(`no job was made: status ${made.status}`);
  await ask("POST", `${server.url}${page}/publication`, { cookie, fields: {} });
  const slug = /\/jobs\/([a-z\d-]+)/.exec((await ask("GET", server.url + page, { cookie })).text)[1];
  return { page, apply: `${server.url}/jobs/${slug}/application` };
}

/** The names and values of a page's inputs and the chosen options of its selects. */
function fieldsOf(html) {
  const inputs = [...html.matchAll(/<input\b([^>]*)>/g)].filter(([, tag]) => !/type="(?:radio|checkbox|file)"/.test(tag));
  const named = inputs.map(([, tag]) => [/name="([^"]*)"/.exec(tag)?.[1], textOf(/value="([^"]*)"/.exec(tag)?.[1] ?? "")]);
  const selects = [...html.matchAll(/<select\b[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs)].map(([, name, options]) => {
    const chosen = /value="([^"]*)"[^>]* selected/.exec(options) ?? /value="([^"]*)"/.exec(options);
    return [name, textOf(chosen?.[1] ?? "")];
  });
  return [...named, ...selects].filter(([name]) => name);
}

async function everybodyApplies(job) {
  const count = Math.round((minute * seconds) / 60);
  const start = performance.now();
  return Promise.all(Array.from({ length: count }, async (_, number) => {
    await pause(Math.max(0, start + (number * 60_000) / minute - performance.now()));
    return apply(job, number);
  }));
}

async function apply(job, number) {
  const from = `198.51.${number >> 8}.${number & 255}`;
  const email = `applicant-${number}@example.com`;
  const page = await timed("first page", 200, () => ask("GET", job.apply, { from }));
  const fields = { ...Object.fromEntries(fieldsOf(page.text)), "answer-0": "Yes", email };
  const begun = await timed("answers", 303, () => ask("POST", job.apply, { from, fields }));
  const link = server.url + begun.headers.get("location");
  const draft = await timed("draft", 200, () => ask("GET", link, { from }));
  const body = new FormData();
  for (const [name, value] of fieldsOf(draft.text)) body.append(name, value);
  for (const [name, value] of Object.entries({ name: `Applicant ${number}`, "answer-0": "Yes", "answer-1": "No", consent: "yes", intent: "send" })) body.set(name, value);
  body.set("resume", new Blob([resume(number)]), `resume-${number}.txt`);
  await timed("application", 303, () => ask("POST", `${link}/draft`, { from, body }));
  return { number, email, link };
}

function resume(number) {
  return `Applicant ${number}, mark ${mark(number)}\n${"Connected systems that were never meant to meet.\n".repeat(620)}`;
}

/** A word that no other résumé has. */
function mark(number) {
  return `zq${number}x`;
}

async function timed(action, expected, request) {
  const start = performance.now();
  const answer = await request();
  figures.took(action, performance.now() - start);
  if (answer.status !== expected) figures.error(action, `status ${answer.status}`);
  return answer;
}

async function waitForTexts(applicants, cookie, job) {
  const start = performance.now();
  for (const { number } of applicants) {
    for (;;) {
      const { text } = await ask("GET", `${server.url}${job.page}?who=${mark(number)}`, { cookie });
      if (text.includes(`Applicant ${number}<`)) break;
      if (performance.now() - start > READING_MS) {
        figures.error("reading", `the résumé of applicant ${number} is not found`);
        break;
      }
      await pause(200);
    }
  }
  return performance.now() - start;
}

/** Each is listed once, and its own page says that it was received, with its file. */
async function check(applicants, cookie, job) {
  const listed = new Map();
  for (let page = job.page; page; ) {
    const { text } = await ask("GET", server.url + page, { cookie });
    for (const [, email] of text.matchAll(/(applicant-\d+@example\.com)/g)) listed.set(email, (listed.get(email) ?? 0) + 1);
    const older = /href="([^"]+)" rel="next"/.exec(text)?.[1];
    page = older && textOf(older);
  }
  if (listed.size !== applicants.length) figures.error("check", `${listed.size} are listed of ${applicants.length}`);
  for (const { number, email, link } of applicants) {
    if (listed.get(email) !== 1) figures.error("check", `${email} is listed ${listed.get(email) ?? 0} times`);
    const { text } = await ask("GET", link);
    if (!text.includes(`resume-${number}.txt`)) figures.error("check", `applicant ${number} is not told of the résumé`);
  }
}
