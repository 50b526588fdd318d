// The coding test from the invitation to the reading: on both databases, on phone and desktop, in both themes, with
// JavaScript and without, with a connection that is lost, two tabs, extra time, and a deadline that passes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { UNPARSABLE, WRONG, invite, linkInMail, log, recruit, run } from "./support/candidate.mjs";
import { start, write, written } from "./support/candidate.mjs";
import { startDemo } from "./support/server.mjs";
import { TYPESCRIPT, verdictArrives } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
/** Each database with a phone and a desktop, each size in both themes. */
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK], withoutScript: PHONE_DARK },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT], withoutScript: DESKTOP_LIGHT },
];
const ENTRY = { proposed: "Full jitter on each wait", fate: "Rejected", why: "The statement asks for a tenth" };
/** What `WRONG` prints, and where it went wrong in the TypeScript that was typed. */
const PLACED = /called\s+Uncaught TypeError: .*\(line 5, column 22\)/;
const SUBJECT = "Your coding test with";
const ONE_MINUTE_MS = 60_000;
/** The page asks for the clock this often, and a little. */
const NEXT_LOOK_MS = 20_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

// Much of it is waiting, so that the two take turns.
describe("the coding test", { concurrency: 2 }, () => {
  for (const { database, devices, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of devices) {
        it(`goes from the invitation to the verdict on ${device.name}`, async () => {
          const staff = await visit(browser, server, device);
          const visitor = await visit(browser, server, device);
          const { page, look } = visitor;
          const who = { candidate: `Candidate B, ${device.name}`, email: `candidate-b-${devices.indexOf(device)}@example.com` };
          await recruit(staff.page);
          await invite(staff.page, { ...who, withAi: true, factor: "1.5" }, staff.look);
          await staff.look("assessment invited");
          const link = await linkInMail(staff.page, who.email, SUBJECT, staff.look);

          await page.goto(link);
          await look("welcome");
          await rehearse(page, look);
          await start(page, link, look);
          const left = await page.locator("[data-left]").first().innerText();
          assert.match(left, /^(29|30) minutes$/, "20 minutes, half as much again");
          await look("work");

          await survivesALostConnection(visitor);
          await runsUntilItIsRight(page, look);
          await log(page, ENTRY);
          await look("work log");
          await submitsOnce(page, look);
          await visitor.close();

          await reads(staff, who);
          await staff.close();
        });
      }

      it(`does the same without JavaScript on ${withoutScript.name}`, async () => {
        const staff = await visit(browser, server, { ...withoutScript, javaScriptEnabled: false });
        const visitor = await visit(browser, server, { ...withoutScript, javaScriptEnabled: false });
        const { page } = visitor;
        const who = { candidate: "Candidate C, no script", email: "candidate-c@example.com" };
        await recruit(staff.page);
        await invite(staff.page, { ...who, withAi: true });
        const link = await linkInMail(staff.page, who.email, SUBJECT);

        await page.goto(link);
        await page.getByRole("link", { name: "Rehearse first" }).click();
        await page.getByRole("button", { name: "Run", exact: true }).click();
        await page.locator("#results .flash-good").waitFor();
        await start(page, link);

        await page.locator("textarea[name=source]").fill(WRONG);
        await page.getByLabel("Language").selectOption("typescript");
        await page.getByRole("button", { name: "Save", exact: true }).click();
        await page.goto(link);
        assert.equal(await written(page), WRONG, "what was saved is there after leaving and coming back");
        await run(page);
        await page.locator("#results article").first().waitFor();
        assert.match(await page.locator("#results pre").first().textContent(), PLACED);

        await page.locator("textarea[name=source]").fill(TYPESCRIPT);
        await log(page, ENTRY);
        assert.equal(await written(page), TYPESCRIPT, "adding to the log saved the program as well");
        await page.getByRole("button", { name: "Submit", exact: true }).click();
        await page.getByRole("button", { name: "Submit for good" }).click();
        await received(page);
        await page.goBack();
        if (await page.getByRole("button", { name: "Submit for good" }).isVisible()) {
          await page.getByRole("button", { name: "Submit for good" }).click();
        }
        await received(page);
        await visitor.close();

        await openVerdict(staff.page, who);
        assert.match(await staff.page.locator(".band-word").innerText(), /Exceeds/);
        await staff.close();
      });

      it("lets the newer of two tabs write, and shows extra time", async () => {
        const staff = await visit(browser, server, DESKTOP_LIGHT);
        const visitor = await visit(browser, server, DESKTOP_LIGHT);
        visitor.expect(409);
        const older = visitor.page;
        const who = { candidate: "Candidate D, two tabs", email: "candidate-d@example.com" };
        await recruit(staff.page);
        await invite(staff.page, who);
        const assessment = staff.page.url();
        const link = await linkInMail(staff.page, who.email, SUBJECT);
        await start(older, link);

        const newer = await visitor.context.newPage();
        await newer.goto(link);
        await newer.locator(".cm-content").waitFor();
        await write(older, "// typed in the older tab\n");
        await older.getByText("This test is open in another tab.").waitFor();
        await visitor.look("work another tab");
        await write(newer, "// typed in the newer tab\n");
        await saved(newer);

        await older.getByRole("link", { name: "Take it over here" }).click();
        await older.locator("[data-banner=tab]").waitFor({ state: "hidden" });
        await write(older, "// taken over\n");
        await saved(older);
        await write(newer, "// too late\n");
        await newer.getByText("This test is open in another tab.").waitFor();
        await newer.close();

        await staff.page.goto(assessment);
        await staff.page.getByRole("button", { name: "Extend…" }).click();
        await staff.look("more time");
        await staff.page.locator("input[name=extra]").fill("2");
        await staff.page.locator("main form button.btn-main").click();
        await staff.page.getByRole("status").first().waitFor();
        await older.waitForFunction(
          () => /^(39|40) minutes$/.test(document.querySelector("[data-left]").textContent),
          null,
          { timeout: NEXT_LOOK_MS },
        );
        await older.reload();
        assert.equal(await written(older), "// taken over\n", "only the tab that was newest had written");
        // Left to the browser, this would leave styles behind that the page does not allow.
        await older.locator(".cm-content").click();
        await older.keyboard.press("ControlOrMeta+A");
        await older.keyboard.type("over all");
        assert.equal(await written(older), "over all");
        await visitor.close();
        await staff.close();
      });

      it("submits the draft when the deadline passes", async () => {
        const staff = await visit(browser, server, PHONE_DARK);
        const visitor = await visit(browser, server, PHONE_DARK);
        const { page } = visitor;
        const who = { candidate: "Candidate E, to the end", email: "candidate-e@example.com" };
        await recruit(staff.page);
        await invite(staff.page, { ...who, minutes: "1" });
        await start(page, await linkInMail(staff.page, who.email, SUBJECT));
        await write(page, "// saved a while ago\n");
        await saved(page);
        await page.getByText(/^\d seconds?$/).first().waitFor({ timeout: ONE_MINUTE_MS });
        await page.locator(".cm-content").click();
        await page.keyboard.press("ControlOrMeta+End");
        await page.keyboard.type("// in the last second");
        await page.getByRole("heading", { name: "Your time ended, and your program was received" }).waitFor();
        await visitor.look("done by the deadline");
        assert.match(await page.locator(".code").innerText(), /saved a while ago[^]*in the last second/);
        await visitor.close();
        await staff.close();
      });
    });
  }
});
async function rehearse(page, look) {
  await page.getByRole("link", { name: "Rehearse first" }).click();
  await page.locator(".cm-content").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator("#results .flash-good").waitFor();
  assert.match(await page.locator("#results pre").innerText(), /attempt 3 was answered with 200/);
  await look("rehearsal");
  await page.getByRole("link", { name: "Back to the overview" }).click();
}

async function survivesALostConnection({ page, context, look }) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type("// one\n");
  await saved(page);

  await context.setOffline(true);
  await page.keyboard.type("// two\n");
  await page.getByText("Your code is kept in this browser.").waitFor();
  await look("work offline");
  await page.keyboard.type("// three\n");
  await context.setOffline(false);
  await saved(page);
  await page.locator("[data-banner=offline]").waitFor({ state: "hidden" });

  await page.reload();
  assert.match(await written(page), /^\/\/ one\n\/\/ two\n\/\/ three\n/);
}

/** The page says so only when nothing in the editor is newer than what the server has. */
function saved(page) {
  return page.locator("[data-saved=saved]").waitFor();
}

async function runsUntilItIsRight(page, look) {
  await page.getByLabel("Language").selectOption("typescript");
  await write(page, UNPARSABLE);
  await run(page);
  await page.getByRole("link", { name: "Line 3, column 61" }).click();
  await page.keyboard.type(")");
  assert.match(await written(page), /\(operation: Operation \)\{/, "the link leads to the very column");
  await look("work rejected");

  await write(page, WRONG);
  await run(page);
  assert.ok((await page.locator("#results article").count()) > 0, "there are findings");
  assert.ok((await page.locator("#results article svg:visible").count()) > 0, "a timeline is drawn");
  await page.getByText("What it printed").click();
  assert.match(await page.locator("#results pre").first().innerText(), PLACED);
  await look("work findings");

  await write(page, TYPESCRIPT);
  await run(page);
  await page.getByText("Everything that was checked holds.").waitFor();
}

async function submitsOnce(page, look) {
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Submit your program?" });
  await dialog.waitFor();
  await look("submit");
  await dialog.getByRole("button", { name: "Submit for good" }).dblclick();
  await received(page);
  await look("done");
  await page.goBack();
  await received(page);
}

function received(page) {
  return page.getByRole("heading", { name: "Thank you, your program was received" }).waitFor();
}

async function reads(staff, who) {
  const { page, look } = staff;
  await openVerdict(page, who, look);
  await look("verdict of an assessment");
  assert.match(await page.locator(".band-word").innerText(), /Exceeds/);
  assert.match(await page.locator("#ai-log").innerText(), new RegExp(ENTRY.proposed));
  assert.match(await page.locator("#sitting").innerText(), /3 runs of the public scenarios/);
  assert.ok((await page.locator("#look-for li a[href^='#']").count()) > 0, "an indicator is borne out by a finding");
  await page.getByRole("link", { name: /compare/i }).first().click();
  await page.waitForURL("**/comparison**");
  await look("comparison");
}

/** There is one submission, and its verdict is in. */
async function openVerdict(page, who, look = async () => {}) {
  await page.goto(`/submissions?q=${encodeURIComponent(who.candidate)}`);
  assert.equal(await page.locator("main tbody tr").count(), 1, "one submission, however often it was sent");
  await page.goto(`/assessments?who=${encodeURIComponent(who.email)}&state=submitted`);
  await look("assessments");
  await page.getByRole("link", { name: who.candidate }).click();
  await look("assessment submitted");
  await page.getByRole("link", { name: "Read the verdict" }).click();
  await verdictArrives(page);
}
