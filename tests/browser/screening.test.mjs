// Two people read résumés, on desktop with the keyboard and on a phone by hand, blind to each other; a recruiter looks at
// what would happen, decides on several at once and takes it back. On both databases, in both themes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { apply, publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", desktop: DESKTOP_LIGHT, phone: PHONE_DARK },
  { database: "PostgreSQL", desktop: DESKTOP_DARK, phone: PHONE_LIGHT },
];
const CRITERIA = 9;
/** Within so long, what was typed is saved. */
const SAVED_MS = 6_000;
const NAMES = ["Candidate 71", "Candidate 72"];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("résumés", { concurrency: 2 }, () => {
  for (const { database, desktop, phone } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      let job;
      before(async () => {
        server = await startDemo(database);
        const staff = await visit(browser, server, desktop);
        job = await publishJob(staff.page, "Integration Developer, to be read");
        for (const name of NAMES) {
          const candidate = await visit(browser, server, desktop);
          await apply(candidate.page, job, name);
          await candidate.close();
        }
        await staff.close();
      });
      after(() => server?.stop());

      it(`are read with the keyboard on ${desktop.name}, by hand on ${phone.name}, and decided`, async () => {
        const recruiter = await visit(browser, server, desktop);
        await signIn(recruiter.page, "recruiter@demo.test");
        await recruiter.page.waitForURL((url) => url.pathname === "/");
        await recruiter.page.goto(new URL("/submissions", recruiter.page.url()).href);
        await readsByKeyboard(recruiter, job);
        const interviewer = await visit(browser, server, phone);
        await signIn(interviewer.page);
        await interviewer.page.waitForURL((url) => url.pathname === "/");
        await interviewer.page.goto(new URL("/submissions", interviewer.page.url()).href);
        await readsByHand(interviewer, job);
        await interviewer.close();
        await decides(recruiter, job);
        await recruiter.close();
      });
    });
  }
});

async function readsByKeyboard({ page, look }, job) {
  await page.goto(`${job.staff}/screening/settings`);
  await look("how résumés are read");
  await page.goto(`${job.staff}/screening/queue`);
  await look("résumés to read");
  await page.getByRole("button", { name: "Read the next of 2" }).click();
  await page.getByRole("heading", { name: NAMES[0] }).waitFor();
  await look("a résumé");
  await page.getByText("Two years of integrations").waitFor();

  // No key fires while somebody types.
  await page.locator("#words-0").fill("");
  await page.locator("#words-0").pressSequentially("0123jkqw");
  assert.equal(await page.locator("#words-0").inputValue(), "0123jkqw");
  assert.equal(await page.locator("input[type=radio]:checked").count(), 0);
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.locator("input[type=radio]:checked").count(), 0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  assert.ok(await page.locator("#score-0-2").isChecked());

  await page.locator("[data-text]").first().evaluate((text) => {
    const range = document.createRange();
    range.setStart(text.firstChild, 0);
    range.setEnd(text.firstChild, 9);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
  });
  for (let at = 1; at < CRITERIA; at++) {
    await page.keyboard.press("j");
    await page.keyboard.press(at === 3 ? "3" : "2");
    await page.keyboard.press("q");
  }
  for (let at = 1; at < CRITERIA; at++) assert.equal(await page.locator(`#words-${at}`).inputValue(), "“Two years”");
  await page.keyboard.press("k");
  await page.keyboard.press("1");
  assert.ok(await page.locator("#score-7-1").isChecked());
  await page.waitForTimeout(SAVED_MS);
  await page.getByText(/Draft saved \d\d:\d\d/).waitFor();
  await page.reload();
  assert.equal(await page.locator("#words-8").inputValue(), "“Two years”", "nothing is lost");
  assert.ok(await page.locator("#score-7-1").isChecked());
  await page.locator("h1").click();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Submitted. This is the next.").waitFor();
  await page.getByRole("heading", { name: NAMES[1] }).waitFor();
  for (let at = 0; at < CRITERIA; at++) await page.locator(`#words-${at}`).fill("A reason");
  await page.getByLabel("Keys", { exact: true }).uncheck();
  await page.locator("h1").click();
  await page.keyboard.press("2");
  assert.equal(await page.locator("input[type=radio]:checked").count(), 0, "keys can be turned off");
  await page.getByLabel("Keys", { exact: true }).check();
  for (let at = 0; at < CRITERIA; at++) await page.locator(`#score-${at}-2`).check();
  await page.getByRole("button", { name: "Submit, and open the next" }).click();
  await page.getByText("Nothing else waits for you here.").waitFor();
  await look("résumés that were read");
  await page.getByRole("link", { name: new RegExp(`Waits for others.*${NAMES[0]}`) }).click();
  await page.getByText("One more reader is needed.").waitFor();
  await look("a résumé that waits for others");
}

async function readsByHand({ page, look, expect }, job) {
  await page.goto(`${job.staff}/screening/queue`);
  await page.getByRole("button", { name: "Read the next of 2" }).click();
  await page.getByRole("heading", { name: NAMES[0] }).waitFor();
  assert.ok(!(await page.content()).includes("0123jkqw"), "what the other wrote is not there");
  await look("a résumé by hand");
  expect(422);
  await page.getByRole("button", { name: "Submit, and open the next" }).click();
  await page.getByText("18 answers need another look").waitFor();
  await look("a résumé with mistakes");
  for (const score of [2, 0]) {
    for (let at = 0; at < CRITERIA; at++) {
      await page.locator(`#score-${at}-${score}`).check();
      await page.locator(`#words-${at}`).fill("A reason of mine");
    }
    await page.getByRole("button", { name: "Submit, and open the next" }).click();
    await page.getByText("Submitted: you were the last reader").waitFor();
  }
}

async function decides({ page, look }, job) {
  await page.goto(`${job.staff}/screening`);
  await look("proposals");
  await page.getByRole("link", { name: NAMES[1] }).click();
  await page.getByText("They disagree").first().waitFor();
  await page.getByText("A reason of mine").first().waitFor();
  await look("readings side by side");
  await page.goto(`${job.staff}/screening`);
  await page.getByRole("checkbox", { name: NAMES[0] }).check();
  await page.getByRole("button", { name: "Advance the chosen…" }).first().click();
  await page.getByRole("heading", { name: "Move applications" }).waitFor();
  await page.getByText(/score 2\.\d\d of 3; Advance is proposed/).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "Write to the candidate" }).isChecked());
  await look("what would happen");
  await page.getByRole("button", { name: "Move one" }).click();
  await page.getByText(/Moved .* to .*\. The mail leaves at \d\d:\d\d UTC\./).waitFor();
  assert.ok(new URL(page.url()).pathname.endsWith("/screening"));
  await look("what was done");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText("Undone: one application is as it was.").waitFor();
  await look("what was taken back");
  await page.getByRole("link", { name: NAMES[0] }).click();
  await page.getByRole("button", { name: "Advance", exact: true }).click();
  await page.getByText(/Moved .* to .*\. The mail leaves at/).waitFor();
  await look("one that was decided");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText("Undone: one application is as it was.").waitFor();
  await page.getByRole("link", { name: NAMES[0] }).waitFor();
}
