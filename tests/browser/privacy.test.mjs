// Candidates are imported from a table with mistakes, a period is looked at before it is set, somebody is erased, and an
// administrator reads who did it; on both databases, on phone and desktop, with JavaScript and without.
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

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("privacy", () => {
  for (const { database, devices, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of [...devices, { ...withoutScript, name: `${withoutScript.name}, without JavaScript`, javaScriptEnabled: false }]) {
        it(`is kept on ${device.name}`, async () => {
          const visitor = await visit(browser, server, device);
          visitor.expect(422);
          const { page } = visitor;
          const look = device.javaScriptEnabled === false ? async () => {} : visitor.look;
          const person = `Robin Example ${device.name}`;
          await signIn(page, "recruiter@demo.test");
          await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
          await page.goto("/openings");
          await page.locator("main table a").first().click();
          const job = page.url();
          await bring(page, look, person);
          await keep(page, look, job);
          await erase(page, look, job, person);
          await visitor.close();
          await read(server, device);
        });
      }
    });
  }
});

async function bring(page, look, person) {
  const address = `${person.replaceAll(/[ ,]+/g, ".").toLowerCase()}@mail.example`;
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await look("import");
  await page.getByRole("button", { name: "Show the rows" }).click();
  await page.getByRole("alert").waitFor();
  await look("import refused");
  await page.getByLabel("Or paste the table").fill(`name;email;stage;applied;shoe size
"${person}";${address};;;42
Nobody;no address;The moon;04/05/2026;41
;second@mail.example;;;40`);
  await page.getByRole("button", { name: "Show the rows" }).click();
  await page.getByRole("heading", { name: "One candidate can be imported" }).waitFor();
  await page.getByText("“04/05/2026” could be two days").waitFor();
  await look("import, its rows");
  await page.getByRole("button", { name: "Import one candidate" }).click();
  await page.getByText("Imported: 1. Left out: 2.").waitFor();
}

async function keep(page, look, job) {
  await page.getByRole("link", { name: "who goes when" }).click();
  await look("retention");
  await page.getByLabel("Months").fill("never");
  await page.getByRole("button", { name: "Show what would go" }).click();
  await page.getByText("Write a number of months from 1 to 120.").first().waitFor();
  await look("retention refused");
  await page.getByLabel("Months").fill("24");
  await page.getByRole("button", { name: "Show what would go" }).click();
  await page.getByRole("heading", { name: "With 24 months" }).waitFor();
  await look("retention, another period");
  await page.getByRole("button", { name: "Keep them for 24 months" }).click();
  await page.getByText("are kept for 24 months").first().waitFor();
  // For the next visitor.
  await page.goto(`${job}/retention?months=6`);
  await page.getByRole("button", { name: "Keep them for 6 months" }).click();
  await page.getByText("are kept for 6 months").first().waitFor();
}

async function erase(page, look, job, person) {
  await page.goto(`${job}/applications?q=robin`);
  await page.getByRole("link", { name: person }).first().click();
  await page.waitForURL("**/applications/*-*");
  const application = page.url();
  await page.getByRole("link", { name: "Erase…" }).first().click();
  await look("erasure");
  await page.getByLabel("Type “erase” to go on").fill("no");
  await page.getByRole("button", { name: "Erase everything" }).click();
  await page.getByText("Nothing was erased.").first().waitFor();
  await look("erasure refused");
  await page.getByLabel("Type “erase” to go on").fill("erase");
  await page.getByRole("button", { name: "Erase everything" }).click();
  await page.getByRole("heading", { name: "Certificate of erasure" }).waitFor();
  await look("certificate");
  const answer = await page.request.get(application);
  assert.equal(answer.status(), 404);
  await page.goto("/privacy");
  await page.getByRole("heading", { name: "Erased" }).waitFor();
  await look("privacy");
}

async function read(server, device) {
  const visitor = await visit(browser, server, device);
  const { page } = visitor;
  await signIn(page, "admin@demo.test");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto("/audit");
  await page.getByText("Application erased").first().waitFor();
  if (device.javaScriptEnabled !== false) await visitor.look("audit log");
  await page.goto("/audit?actor=halfopen");
  await page.getByRole("heading", { name: "Audit log" }).waitFor();
  await visitor.close();
}
