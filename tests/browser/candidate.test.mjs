// The page of a candidate: evidence by stage, comments that name people, tags, things to do, a letter, a duplicate that is
// merged and parted again. With and without JavaScript, on both databases, on phone and desktop, in both themes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { apply, publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", staff: DESKTOP_LIGHT, other: PHONE_DARK, withoutScript: DESKTOP_DARK },
  { database: "PostgreSQL", staff: PHONE_LIGHT, other: DESKTOP_DARK, withoutScript: PHONE_DARK },
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("the page of a candidate", { concurrency: 2 }, () => {
  for (const { database, staff, other, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      let job;
      before(async () => {
        server = await startDemo(database);
        const recruiter = await visit(browser, server, DESKTOP_LIGHT);
        job = await publishJob(recruiter.page, "Integration Developer, to look at");
        await recruiter.close();
        const candidate = await visit(browser, server, DESKTOP_LIGHT);
        for (const name of ["Candidate 1", "Candidate 2", "Candidate 2"]) await apply(candidate.page, job, name);
        await candidate.close();
      });
      after(() => server?.stop());

      it(`shows what is known on ${staff.name}`, async () => {
        const recruiter = await visit(browser, server, staff);
        const { page, look } = recruiter;
        await signIn(page, "recruiter@demo.test");
        await page.waitForURL((url) => url.pathname === "/");
        await page.goto(new URL("/submissions", page.url()).href);
        await openFromJob(page, "Integration Developer", "Candidate 36");
        await page.getByRole("heading", { name: "Coding test" }).waitFor();
        await page.getByText("of 13").waitFor();
        await page.getByText("knock-outs passed").waitFor();
        await look("a candidate");
        await page.locator("summary", { hasText: "Move to" }).click();
        await page.getByLabel("To the stage").waitFor();
        await look("a candidate, about to be moved");
        await recruiter.close();
      });

      it(`names people in a comment on ${staff.name}, and they find it on ${other.name}`, async () => {
        const recruiter = await visit(browser, server, staff);
        recruiter.expect(422);
        const { page, look } = recruiter;
        await signIn(page, "recruiter@demo.test");
        await page.waitForURL((url) => url.pathname === "/");
        await page.goto(new URL("/submissions", page.url()).href);
        await page.goto(`${job.staff}/applications`);
        await page.getByRole("link", { name: "Candidate 1" }).click();
        const comment = page.getByLabel("Comment");
        await comment.pressSequentially("Please look, @interv");
        await page.locator(".mention").getByRole("option", { name: "Demo Interviewer" }).waitFor();
        await look("a candidate, naming somebody");
        await comment.press("Enter");
        assert.equal(await comment.inputValue(), "Please look, @Demo Interviewer ");
        await comment.pressSequentially("at the first answer.");
        await page.getByRole("button", { name: "Comment" }).click();
        await page.getByText("It names Demo Interviewer.").waitFor();
        const address = new URL(page.url()).pathname;

        await page.locator("summary", { hasText: "Add a tag" }).click();
        await page.getByLabel("New tag").fill("knows carriers");
        await page.getByRole("button", { name: "Add", exact: true }).first().click();
        await page.getByRole("button", { name: "Remove the tag knows carriers" }).waitFor();

        await page.locator("summary", { hasText: "Add something to do" }).click();
        await page.getByLabel("What is to be done").fill("Ask about the notice period");
        await page.getByLabel("By", { exact: true }).fill("2020-01-01");
        await page.locator("#to-do").getByRole("button", { name: "Add" }).click();
        await page.getByText("This day is past.").waitFor();
        assert.equal(await page.getByLabel("What is to be done").inputValue(), "Ask about the notice period");
        await look("a candidate, with a day that is past");
        await page.getByLabel("By", { exact: true }).fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
        await page.getByLabel("Whose it is").selectOption({ label: "Demo Interviewer, interviewer" });
        await page.locator("#to-do").getByRole("button", { name: "Add" }).click();
        await page.getByText("It is on the list.").waitFor();
        await page.locator("summary", { hasText: "Make somebody responsible" }).click();
        await page.getByLabel("Responsible for the next step").selectOption({ label: "Demo Interviewer, interviewer" });
        await page.getByRole("button", { name: "Set" }).click();
        await page.getByText("Demo Interviewer is responsible for the next step.").waitFor();
        await recruiter.close();

        const interviewer = await visit(browser, server, other);
        await signIn(interviewer.page, "interviewer@demo.test");
        await interviewer.page.waitForURL((url) => url.pathname === "/");
        await interviewer.page.goto(new URL("/submissions", interviewer.page.url()).href);
        await interviewer.page.goto(address);
        await interviewer.page.getByText("at the first answer.").waitFor();
        await interviewer.page.getByRole("button", { name: "Done: Ask about the notice period" }).click();
        await interviewer.page.locator(".ticked").waitFor();
        await interviewer.look("a candidate, for an interviewer");
        await interviewer.close();
      });

      it(`writes a letter on ${withoutScript.name} without JavaScript`, async () => {
        const recruiter = await visit(browser, server, { ...withoutScript, javaScriptEnabled: false });
        const { page } = recruiter;
        recruiter.expect(422);
        await signIn(page, "recruiter@demo.test");
        await page.goto(`${job.staff}/applications`);
        await page.getByRole("link", { name: "Candidate 1" }).click();
        await page.locator(".acts").getByRole("link", { name: "Mail" }).click();
        await page.getByRole("link", { name: "An answer will take longer" }).click();
        await page.getByLabel("Subject").fill("{{nothing}}");
        await page.getByRole("button", { name: "See how it goes out" }).click();
        await page.getByText("There is no {{nothing}} in this mail.").waitFor();
        await page.getByLabel("Subject").fill("About {{job}}");
        await page.getByRole("button", { name: "See how it goes out" }).click();
        await page.getByText("About Integration Developer, to look at").waitFor();
        await page.getByText("Hello Candidate 1,").waitFor();
        await page.getByRole("button", { name: "Send it" }).click();
        await page.getByText("The letter is written.").waitFor();
        await page.locator("#mail").getByText("About Integration Developer, to look at").waitFor();
        await recruiter.close();
      });

      it(`shows letters and their templates on ${other.name}`, async () => {
        const recruiter = await visit(browser, server, other);
        const { page, look } = recruiter;
        await signIn(page, "recruiter@demo.test");
        await page.waitForURL((url) => url.pathname === "/");
        await page.goto(new URL("/submissions", page.url()).href);
        await page.goto(`${job.staff}/applications`);
        await page.getByRole("link", { name: "Candidate 1" }).click();
        await page.locator(".acts").getByRole("link", { name: "Mail" }).click();
        await page.getByRole("link", { name: "Invitation to a first call" }).click();
        await page.waitForURL("**/letter?template=*");
        await look("writing a letter");
        await page.getByRole("button", { name: "See how it goes out" }).click();
        await page.getByRole("heading", { name: "This is how it goes out" }).waitFor();
        await look("a letter before it goes out");
        await page.goto("/mail/letters");
        await look("templates of letters");
        await page.getByRole("link", { name: "An answer will take longer" }).click();
        await look("a template of a letter");
        await recruiter.close();
      });

      it(`makes one of two on ${staff.name}, and two again`, async () => {
        const recruiter = await visit(browser, server, staff);
        const { page, look } = recruiter;
        await signIn(page, "recruiter@demo.test");
        await page.waitForURL((url) => url.pathname === "/");
        await page.goto(new URL("/submissions", page.url()).href);
        await page.goto(`${job.staff}/applications`);
        assert.equal(await page.getByRole("link", { name: "Candidate 2" }).count(), 2);
        await page.getByRole("link", { name: "Candidate 2" }).last().click();
        await page.getByText("Perhaps the same person").waitFor();
        await look("perhaps the same person");
        await page.getByRole("link", { name: "Compare with Candidate 2" }).click();
        await page.getByRole("heading", { name: "Is this one person?" }).waitFor();
        await look("two applications side by side");
        await page.getByRole("button", { name: "Make them one" }).click();
        await page.getByText("They are one now.").waitFor();
        await page.getByRole("heading", { name: /^Also sent on/ }).waitFor();
        await look("one of two");
        await page.getByRole("button", { name: "Part them again" }).click();
        await page.getByText("They are parted").waitFor();
        await recruiter.close();
      });
    });
  }
});

async function openFromJob(page, title, name) {
  await page.goto("/openings");
  const job = await page.getByRole("link", { name: title, exact: true }).first().getAttribute("href");
  await page.goto(`${job}/applications?q=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name }).first().click();
}
