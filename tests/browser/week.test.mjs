// A recruiter's week as one story: people apply, two read their résumés, some go on together and come back, somebody gets a
// letter, two applications turn out to be one person's, the report is taken away, one asks to be forgotten, and in the end
// the log holds. On both databases, on phone and desktop.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { apply, publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", devices: [DESKTOP_LIGHT, PHONE_DARK] },
  { database: "PostgreSQL", devices: [PHONE_LIGHT, DESKTOP_DARK] },
];
const CRITERIA = 9;
/** Reads well, reads well, sent twice, and does not read well. */
const SENT = ["Candidate 91", "Candidate 92", "Candidate 92", "Candidate 93"];
const [FIRST, TWICE] = SENT;
const WEAK = SENT.at(-1);

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("a week", { concurrency: 2 }, () => {
  for (const { database, devices } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of devices) {
        it(`of two people and three candidates on ${device.name}`, async () => {
          const recruiter = await visit(browser, server, device);
          const interviewer = await visit(browser, server, device);
          const job = await publishJob(recruiter.page, `Integration Developer, ${device.name}`);
          for (const name of SENT) {
            const candidate = await visit(browser, server, device);
            await apply(candidate.page, job, name);
            await candidate.close();
          }

          await oneOfTwo(recruiter, job);
          await reads(recruiter, job);
          await signIn(interviewer.page);
          await interviewer.page.waitForURL((url) => url.pathname === "/");
          await interviewer.page.getByText(job.title).first().waitFor();
          await interviewer.look("today, with résumés to read");
          await reads(interviewer, job);
          await interviewer.close();

          await advances(recruiter, job);
          await writes(recruiter, job);
          await reports(recruiter, job);
          await forgets(recruiter, job);
          await recruiter.close();
          await verifies(server, device);
        });
      }
    });
  }
});

async function oneOfTwo({ page, look }, job) {
  await page.goto(`${job.staff}/applications`);
  await page.getByRole("link", { name: TWICE }).last().click();
  await page.getByRole("link", { name: `Compare with ${TWICE}` }).click();
  await page.getByRole("button", { name: "Make them one" }).click();
  await page.getByText("They are one now.").waitFor();
  await page.goto(`${job.staff}/board`);
  await page.locator("#board").waitFor();
  assert.equal(await page.locator(".kard").count(), 3, "the duplicate is on the board no more");
  await look("a week's board");
}

/** Each reads blind to the other: what one wrote is nowhere before both have submitted. */
async function reads({ page }, job) {
  await page.goto(`${job.staff}/screening/queue`);
  await page.getByRole("button", { name: "Read the next of 3" }).click();
  for (let left = 3; left > 0; left -= 1) {
    const name = await page.getByRole("heading", { level: 1 }).innerText();
    const score = name.includes(WEAK) ? 0 : 3;
    assert.equal(await page.getByText("A reason of").count(), 0);
    for (let at = 0; at < CRITERIA; at += 1) {
      await page.locator(`#score-${at}-${score}`).check();
      await page.locator(`#words-${at}`).fill(`A reason of criterion ${at}`);
    }
    await page.getByRole("button", { name: "Submit, and open the next" }).click();
    await page.getByText(/^Submitted/).waitFor();
  }
}

async function advances({ page, look }, job) {
  await page.goto(`${job.staff}/screening`);
  await look("a week's proposals");
  const advanceBoth = async () => {
    for (const name of [FIRST, TWICE]) await page.getByRole("checkbox", { name }).check();
    await page.getByRole("button", { name: "Advance the chosen…" }).first().click();
    await page.getByRole("button", { name: "Move 2" }).click();
    await page.getByText(/Moved 2 applications to .*\. 2 mails leave at \d\d:\d\d UTC\./).waitFor();
  };
  await advanceBoth();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText("Undone: 2 applications are as they were.").waitFor();
  await page.goto(`${job.staff}/screening`);
  await advanceBoth();
  await page.goto(`${job.staff}/board`);
  await page.locator("#board").waitFor();
  const places = await page.locator(".column").evaluateAll((columns) =>
    columns.map((column) => [...column.querySelectorAll(".kard")].map((card) => card.dataset.name).sort()));
  assert.deepEqual(places.filter((names) => names.length > 0), [[WEAK], [FIRST, TWICE]]);
}

async function writes({ page }, job) {
  await page.goto(`${job.staff}/applications`);
  await page.getByRole("link", { name: FIRST }).click();
  await page.locator(".acts").getByRole("link", { name: "Mail" }).click();
  await page.getByRole("link", { name: "Invitation to a first call" }).click();
  await page.waitForURL("**/letter?template=*");
  await page.getByRole("button", { name: "See how it goes out" }).click();
  await page.getByText(`Hello ${FIRST},`).first().waitFor();
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByText("The letter is written.").waitFor();
}

async function reports({ page, look }, job) {
  await page.goto("/reports");
  await page.getByLabel("Job").selectOption({ label: job.title });
  await page.getByRole("button", { name: "Show" }).click();
  await look("a week's funnel");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV", exact: true }).click(),
  ]);
  const rows = (await readFile(await download.path(), "utf8")).split(/\r?\n/).map((row) => row.split(","));
  const came = Object.fromEntries(rows.map(([step, number]) => [step, number]));
  assert.deepEqual([came.Applied, came["Passed the door"], came["Coding test"]], ["3", "3", "2"]);
}

async function forgets({ page, look }, job) {
  await page.goto(`${job.staff}/applications`);
  await page.getByRole("link", { name: WEAK }).click();
  await page.waitForURL("**/applications/*-*");
  const application = page.url();
  await page.getByRole("link", { name: "Erase…" }).first().click();
  await page.getByLabel("Type “erase” to go on").fill("erase");
  await page.getByRole("button", { name: "Erase everything" }).click();
  await page.getByRole("heading", { name: "Certificate of erasure" }).waitFor();
  await look("a week's certificate");
  assert.equal((await page.request.get(application)).status(), 404);
  await page.goto(`${job.staff}/applications`);
  await page.getByRole("link", { name: FIRST }).waitFor();
  assert.equal(await page.getByRole("link", { name: WEAK }).count(), 0);
}

async function verifies(server, device) {
  const administrator = await visit(browser, server, device);
  const { page } = administrator;
  await signIn(page, "admin@demo.test");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto("/audit");
  for (const what of ["Application erased", "Duplicate merged"]) await page.getByText(what).first().waitFor();
  await administrator.close();
  assert.match(await server.command("audit", "verify"), /^\d+ rows hold\./);
}
