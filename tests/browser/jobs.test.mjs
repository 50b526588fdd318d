// A job is made, published, changed and closed, and read by a stranger; on both databases, on phone and desktop, with
// JavaScript and without.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK], withoutScript: PHONE_DARK },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT], withoutScript: DESKTOP_LIGHT },
];
const ABOUT = `You connect the systems of a company that moves parcels, and you are there when one of them is down.

## What you do

- Build and run integrations with carriers, customs and shops
- Decide with the team what happens to a message that nobody can read

## What we offer

A calm team, four weeks to settle in, and **no on-call in the first year**.`;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("jobs", () => {
  for (const { database, devices, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of [...devices, { ...withoutScript, name: `${withoutScript.name}, without JavaScript`, javaScriptEnabled: false }]) {
        it(`go from a draft to a page for everybody on ${device.name}`, async () => {
          const visitor = await visit(browser, server, device);
          visitor.expect(422);
          visitor.expect(410);
          const { page } = visitor;
          // The checks of a page run as a script of their own.
          const look = device.javaScriptEnabled === false ? async () => {} : visitor.look;
          const title = `Integration Engineer, ${device.name}`;
          await signIn(page, "recruiter@demo.test");
          await page.waitForURL((url) => url.pathname === "/");
          await page.goto(new URL("/submissions", page.url()).href);
          await make(page, look, title);
          await arrange(page, look);
          const address = await publish(page, look, title);
          await read(server, look, visitor, address, title);
          await close(page, look, title, address);
          await visitor.close();
        });
      }
    });
  }
});

async function make(page, look, title) {
  await page.goto("/openings");
  await look("jobs");
  await page.getByRole("link", { name: /^(New job|Make the first one)$/ }).first().click();
  await look("new job, its kit");
  await page.getByLabel("Role kit").selectOption("Integration Developer");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Level").selectOption({ index: 1 });
  await page.getByLabel("Place").fill("Lisbon");
  await page.getByLabel("Salary from").fill("56000");
  await page.getByLabel("To", { exact: true }).fill("42000");
  await page.getByLabel("Description").fill(ABOUT);
  await look("new job");
  await page.getByRole("button", { name: "Make the job" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Title").inputValue(), title);
  await look("new job refused");
  await page.getByLabel("Country").selectOption("Portugal");
  await page.getByLabel("To", { exact: true }).fill("64000");
  await page.getByRole("button", { name: "Make the job" }).click();
  await page.getByText("as a draft").waitFor();
  await look("job draft");
}

async function arrange(page, look) {
  await page.getByRole("link", { name: "Change the stages" }).click();
  await look("stages");
  await page.getByLabel("Name", { exact: true }).fill("Meet the team");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("The stage is there.").waitFor();
  await page.getByRole("button", { name: "Move up: stage 9" }).click();
  await page.getByText("Moved.").waitFor();
  await page.getByRole("button", { name: "Remove stage 9" }).click();
  await page.getByText("The stage is removed.").waitFor();
  await page.getByRole("link", { name: "Back to the job" }).click();
  await page.getByLabel("Who joins").selectOption({ label: "Demo Interviewer, interviewer" });
  await page.getByRole("button", { name: "Add to the team" }).click();
  await page.getByText("Demo Interviewer is in the team.").waitFor();
}

async function publish(page, look, title) {
  await page.getByRole("link", { name: "Preview" }).click();
  await page.getByText("A preview for colleagues").waitFor();
  await look("preview");
  await page.getByRole("link", { name: "Back to the job" }).click();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("The job is published.").waitFor();
  await look("job published");
  await page.goto("/openings?state=published");
  await page.getByRole("rowheader", { name: title }).waitFor();
  await look("jobs published");
  await page.goBack();
  return new URL(await page.getByLabel("Public address").inputValue()).pathname;
}

async function read(server, look, visitor, address, title) {
  const { page, context } = visitor;
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.goto("/jobs");
  await look("open jobs");
  await page.getByRole("link", { name: title }).click();
  await page.waitForURL(`**${address}`);
  await page.getByRole("heading", { name: "What the process asks of you" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Apply" }).first().getAttribute("href"), `${address}/application`);
  await look("open job");
  const posting = JSON.parse(await page.locator("script[type='application/ld+json']").textContent());
  assert.equal(posting.title, title);
  await context.addCookies(cookies);
}

async function close(page, look, title, address) {
  await page.goto("/openings");
  await page.getByRole("rowheader", { name: title }).getByRole("link").click();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByText("takes no more applications").waitFor();
  await page.goto(address);
  await page.getByText("This job takes no more applications.").waitFor();
  await look("closed job");
}
