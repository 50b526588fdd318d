// Applying: knocked out, reversed, qualified; a draft that goes on on another device; what is wrong is said and nothing
// is lost. With and without JavaScript, on both databases, on phone and desktop, in both themes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", candidate: PHONE_DARK, other: DESKTOP_LIGHT, staff: DESKTOP_DARK, withoutScript: PHONE_LIGHT },
  { database: "PostgreSQL", candidate: DESKTOP_LIGHT, other: PHONE_DARK, staff: PHONE_LIGHT, withoutScript: DESKTOP_DARK },
];
const RESUME = { name: "Lebenslauf ü.txt", mimeType: "text/plain", buffer: Buffer.from("Four years of quiet integrations.\n") };
const PICTURE = { name: "resume.pdf", mimeType: "application/pdf", buffer: Buffer.from("GIF89a\u0001\u0000 no document") };
const SAVED_MS = 15_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("applying", { concurrency: 2 }, () => {
  for (const { database, candidate, other, staff, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      let job;
      before(async () => {
        server = await startDemo(database);
        const recruiter = await visit(browser, server, DESKTOP_LIGHT);
        job = await publishJob(recruiter.page, "Integration Developer, to apply for");
        await recruiter.close();
      });
      after(() => server?.stop());

      it(`goes from ${candidate.name} to ${other.name}, and to the coding test`, async () => {
        const visitor = await visit(browser, server, candidate);
        visitor.expect(422);
        const { page, look } = visitor;
        await page.goto(job.path);
        await page.getByRole("link", { name: "Apply" }).first().click();
        await look("the first questions");
        await page.getByRole("button", { name: "Go on" }).click();
        await begin(page, "Yes", "candidate.one@mail.example");
        await look("a draft");
        await page.getByRole("button", { name: "Send the application" }).click();
        await page.getByText("answers need another look").waitFor();
        await page.getByText("Choose a file with your résumé.").waitFor();
        await look("a draft with errors");
        // It is saved without a button.
        await page.getByLabel("Your name").fill("Candidate 🦀 1");
        await page.locator("#saved").getByText(/^Saved/).waitFor({ timeout: SAVED_MS });
        await page.locator("input[name=resume]").setInputFiles(PICTURE);
        await page.getByRole("button", { name: "Send the application" }).click();
        await page.getByText("This file is a picture").waitFor();
        const link = new URL(page.url()).pathname.replace(/\/draft$/, "");
        await visitor.close();

        const elsewhere = await visit(browser, server, other);
        await elsewhere.page.goto(link);
        assert.equal(await elsewhere.page.getByLabel("Your name").inputValue(), "Candidate 🦀 1");
        await fillIn(elsewhere.page);
        // A double click sends it once.
        await elsewhere.page.getByRole("button", { name: "Send the application" }).dblclick();
        await elsewhere.page.getByText("Your application is with us").waitFor();
        await elsewhere.look("how it stands");
        await elsewhere.page.goBack();
        await elsewhere.page.goto(link);
        await elsewhere.page.getByText("Your application is with us").waitFor();
        await elsewhere.page.getByRole("link", { name: "Correct my contact data" }).click();
        await elsewhere.look("contact data");
        await elsewhere.page.getByLabel("Your telephone").fill("+351 21 000 00 00");
        await elsewhere.page.getByRole("button", { name: "Change it" }).click();
        await elsewhere.page.getByText("Your contact data are changed.").waitFor();

        await handles(server, staff, job, "Candidate 🦀 1");
        await elsewhere.page.reload();
        await elsewhere.page.getByText("Take the coding test, 20 minutes").waitFor();
        await elsewhere.look("how it stands, with a coding test");
        await elsewhere.page.getByRole("link", { name: "Withdraw…" }).click();
        await elsewhere.look("withdrawing");
        await elsewhere.page.getByRole("button", { name: "Withdraw" }).click();
        await elsewhere.page.getByText("You have withdrawn this application").waitFor();
        await elsewhere.page.getByRole("link", { name: "Ask for erasure…" }).click();
        await elsewhere.look("asking for erasure");
        await elsewhere.page.getByRole("button", { name: "Ask for erasure" }).click();
        await elsewhere.page.getByText("you asked us to erase everything").waitFor();
        await elsewhere.look("withdrawn");
        await elsewhere.close();
      });

      it(`is knocked out on ${withoutScript.name} without JavaScript, and goes on when a person says so`, async () => {
        const visitor = await visit(browser, server, { ...withoutScript, javaScriptEnabled: false });
        const { page } = visitor;
        await page.goto(`${job.path}/application`);
        await begin(page, "No", "candidate.two@mail.example");
        await page.getByText("With this answer the application would end").waitFor();
        await page.getByLabel("Your name").fill("مرشح 2");
        await page.locator("#consent").check();
        await page.getByRole("button", { name: "Send the application" }).click();
        await page.getByText("We cannot go on with this application.").waitFor();
        const link = page.url();

        const recruiter = await visit(browser, server, staff);
        await signIn(recruiter.page, "recruiter@demo.test");
        await recruiter.page.waitForURL((url) => url.pathname === "/");
        await recruiter.page.goto(new URL("/submissions", recruiter.page.url()).href);
        await recruiter.page.goto(`${job.staff}/applications`);
        await recruiter.page.getByRole("link", { name: "مرشح 2" }).click();
        await recruiter.look("a knock-out");
        await recruiter.page.getByLabel("Why it is taken back").fill("A course counts, too");
        await recruiter.page.getByRole("button", { name: "Reverse the knock-out" }).click();
        await recruiter.page.getByText("The application goes on, and the candidate gets a mail.").waitFor();
        await recruiter.look("a reversed knock-out");
        await recruiter.close();

        await page.goto(link);
        await page.locator("input[name=resume]").setInputFiles(RESUME);
        await page.getByRole("button", { name: "Send the résumé" }).click();
        await page.getByText("your résumé has arrived").waitFor();
        await visitor.close();
      });

      it(`shows the page of a knock-out on ${candidate.name}, and finds a lost link`, async () => {
        const visitor = await visit(browser, server, candidate);
        const { page, look } = visitor;
        await page.goto(`${job.path}/application`);
        await begin(page, "No", "candidate.three@mail.example");
        await look("a draft that would end at once");
        await page.getByLabel("Your name").fill("Candidate 3");
        await page.locator("#consent").check();
        await page.getByRole("button", { name: "Send the application" }).click();
        await page.getByText("We cannot go on with this application.").waitFor();
        await look("knocked out");
        await page.goto("/application-links");
        await look("finding a lost link");
        await page.getByLabel("Your mail address").fill("candidate.three@mail.example");
        await page.getByRole("button", { name: "Send me my link" }).click();
        await page.getByText("Look into your mail").waitFor();
        await look("a lost link is on its way");
        await visitor.close();
      });

      it(`is deleted as a draft on ${other.name}`, async () => {
        const visitor = await visit(browser, server, other);
        visitor.expect(404);
        const { page, look } = visitor;
        await page.goto(`${job.path}/application`);
        await begin(page, "Yes", "candidate.four@mail.example");
        const link = page.url();
        await page.locator("input[name=resume]").setInputFiles(RESUME);
        await page.getByRole("button", { name: "Save and go on later" }).click();
        await page.getByText("Saved. Your link").waitFor();
        await look("a saved draft with a file");
        await page.getByRole("link", { name: "Delete it now" }).click();
        await look("deleting a draft");
        await page.getByRole("button", { name: "Delete it" }).click();
        await page.getByText("Your draft is deleted").waitFor();
        await page.goto(link);
        await page.getByText("This link leads nowhere").waitFor();
        await look("a link that leads nowhere");
        await visitor.close();
      });
    });
  }
});

async function begin(page, answer, email) {
  await page.locator(`input[name=answer-0][value=${answer}]`).check();
  await page.getByLabel("Your mail address").fill(email);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/application/*");
}

async function fillIn(page) {
  await page.locator("input[name=answer-1][value=No]").check();
  await page.locator("input[name=resume]").setInputFiles(RESUME);
  await page.locator("#consent").check();
}

/** A recruiter reads an application, moves it, and gives the coding test. */
async function handles(server, device, job, name) {
  const recruiter = await visit(browser, server, device);
  const { page, look } = recruiter;
  await signIn(page, "recruiter@demo.test");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await page.goto(`${job.staff}/applications`);
  await page.getByRole("link", { name }).click();
  await page.getByText("Four years of quiet integrations.").waitFor();
  await look("an application");
  await page.locator("summary", { hasText: "Move to" }).click();
  await page.getByLabel("To the stage").selectOption({ label: "Coding test" });
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText("Moved to Coding test. The candidate gets a mail.").waitFor();
  await page.getByRole("link", { name: "Invite to a coding test…" }).click();
  await look("inviting to the coding test");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByText("Invited. The test stands on the candidate’s page, too.").waitFor();
  await recruiter.close();
}
