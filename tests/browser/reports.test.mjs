// What reports show of the demonstration, and what a candidate says about themselves; on both databases, on phone and
// desktop, with JavaScript and without.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { apply, publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK] },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT] },
];
const PARTS = ["Funnel", "Sources", "Knock-outs", "First answer", "Readers"];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("reports", () => {
  for (const { database, devices } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of devices) {
        it(`are read and taken away on ${device.name}`, async () => {
          const visitor = await visit(browser, server, device);
          const { page, look } = visitor;
          await signIn(page, "recruiter@demo.test");
          await page.waitForURL((url) => url.pathname !== "/sign-in");
          await page.goto("/reports");
          for (const part of PARTS) {
            await page.getByRole("navigation", { name: "Report" }).getByRole("link", { name: part }).click();
            await page.locator(".plot svg:visible").first().waitFor();
            await look(`report ${part}`);
            await page.getByText("The numbers").first().click();
            await page.locator(".plot table").first().waitFor();
            await look(`report ${part}, its numbers`);
            await takeAway(page);
          }
          await page.getByRole("navigation", { name: "Report" }).getByRole("link", { name: "Fairness" }).click();
          await page.getByText("Groups are compared within one job").waitFor();
          await look("fairness without a job");
          await page.getByLabel("Job").selectOption("Integration Developer");
          await page.getByRole("button", { name: "Show" }).click();
          await page.getByRole("heading", { name: "How to read this" }).waitFor();
          await look("fairness");
          await takeAway(page);
          await visitor.close();
        });
      }

      for (const device of [{ ...devices[0], name: `${devices[0].name}, without JavaScript`, javaScriptEnabled: false }, devices[1]]) {
        it(`rest on what candidates choose to say on ${device.name}`, async () => {
          const visitor = await visit(browser, server, device);
          visitor.expect(422);
          const { page } = visitor;
          // The checks of a page run as a script of their own.
          const look = device.javaScriptEnabled === false ? async () => {} : visitor.look;
          const job = await publishJob(page, `Integration Developer, ${device.name}`);
          await page.goto(job.staff);
          await page.getByRole("link", { name: "Voluntary questions" }).click();
          await page.getByLabel("Gender").check();
          await page.getByLabel("A question of your own").check();
          await page.getByLabel("The question").fill("How would you describe your background?");
          await page.getByRole("button", { name: "Save" }).click();
          await page.getByRole("alert").waitFor();
          await look("voluntary questions refused");
          await page.getByLabel("Its choices").fill("One\nAnother");
          await page.getByRole("button", { name: "Save" }).click();
          await page.getByText("Candidates find the questions").waitFor();
          await look("voluntary questions");

          const status = await apply(page, job, "Candidate 7");
          await look("status with voluntary questions");
          await page.getByRole("link", { name: "Voluntary questions" }).click();
          await look("voluntary answers");
          await page.getByRole("radio", { name: "Woman" }).check();
          await page.getByRole("radio", { name: "Another", exact: true }).check();
          await page.getByRole("button", { name: "Send" }).click();
          await page.getByText("Thank you. What you chose counts").waitFor();
          assert.equal(new URL(page.url()).pathname, status);
          await page.getByRole("link", { name: "Voluntary questions" }).click();
          assert.equal(await page.getByRole("radio", { name: "Woman" }).isChecked(), false, "it is not shown again");
          await page.getByRole("button", { name: "Delete my voluntary answers" }).click();
          await page.getByText("is deleted").waitFor();
          await visitor.close();
        });
      }
    });
  }
});

/** Both files come, and are what they say. */
async function takeAway(page) {
  for (const [name, ending, begins] of [["CSV", /\.csv$/, [0xef, 0xbb, 0xbf]], ["Excel", /\.xlsx$/, [0x50, 0x4b]]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).click()]);
    assert.match(download.suggestedFilename(), ending);
    const bytes = await readFile(await download.path());
    assert.deepEqual([...bytes.subarray(0, begins.length)], begins);
  }
}
