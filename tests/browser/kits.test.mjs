// A role document becomes a kit: imported, its leftovers placed, edited, published, compared, printed, read; on both
// databases, on phone and desktop, with JavaScript and without.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK], withoutScript: PHONE_DARK },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT], withoutScript: DESKTOP_LIGHT },
];
const SAMPLE = new URL("samples/role.txt", import.meta.url);
const LEFT = "Bring safety shoes to every interview";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("role kits", () => {
  for (const { database, devices, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of [...devices, { ...withoutScript, name: `${withoutScript.name}, without JavaScript`, javaScriptEnabled: false }]) {
        it(`go from a document to a second version on ${device.name}`, async () => {
          const visitor = await visit(browser, server, device);
          visitor.expect(422);
          const { page } = visitor;
          // The checks of a page run as a script of their own.
          const look = device.javaScriptEnabled === false ? async () => {} : visitor.look;
          await recruit(page);
          await refused(page, look);
          await take(page, look);
          await place(page, look);
          await edit(page, look);
          await publish(page, look, "The first of its kind");
          await improve(page, look);
          await publish(page, look, "");
          await compare(page, look);
          await visitor.close();
        });
      }

      it("are read by each person as they need it, and printed", async () => {
        const visitor = await visit(browser, server, devices[0]);
        const { page, look } = visitor;
        await recruit(page);
        await page.goto("/kits");
        await page.getByRole("link", { name: "Integration Engineer / API Developer" }).click();
        await look("kit");
        for (const reader of ["Recruiter", "Peer technical collaboration", "Candidate"]) {
          await page.getByRole("group", { name: "Reader" }).getByRole("link", { name: reader, exact: true }).click();
          await look(`kit for ${reader}`);
        }
        assert.equal(await page.getByText("Listen for").count(), 0, "candidates read no indicators");
        await page.getByRole("link", { name: "Everyone" }).click();
        await page.getByRole("link", { name: "Senior", exact: true }).click();
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.getByRole("button", { name: "Print" }).isVisible(), false);
        assert.equal(await page.getByRole("group", { name: "Reader" }).isVisible(), false);
        await page.emulateMedia({ media: "screen" });
        await page.goto("/kits");
        await page.getByRole("link", { name: "Platform Integrator" }).click();
        await page.getByRole("link", { name: "Go on with version 1" }).click();
        await look("draft with leftovers");
        await visitor.close();
      });
    });
  }
});

async function recruit(page) {
  await signIn(page, "recruiter@demo.test");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
}

async function refused(page, look) {
  await page.goto("/kits/new");
  await look("new kit");
  await page.getByLabel("Role document").fill("Nothing that a kit could be made of.");
  await page.getByRole("button", { name: "Import" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Role document").inputValue(), "Nothing that a kit could be made of.");
  await look("import refused");
}

async function take(page, look) {
  await page.goto("/kits/new");
  await page.getByLabel("Role document").fill((await readFile(SAMPLE, "utf8")).replaceAll("\n", "\r\n"));
  await page.getByRole("button", { name: "Import" }).click();
  await page.waitForURL("**/draft");
  await page.getByRole("heading", { name: "One line was not understood" }).waitFor();
  await look("draft");
}

async function place(page, look) {
  await page.getByRole("link", { name: /^Place line/ }).click();
  await page.getByText(LEFT).waitFor();
  await look("leftover");
  await page.getByLabel("Place", { exact: false }).selectOption({ label: "A new résumé criterion" });
  await page.getByRole("button", { name: "Put it there" }).click();
  await page.getByText("has its place").waitFor();
  assert.equal(await page.getByRole("heading", { name: /not understood/ }).count(), 0);
}

async function edit(page, look) {
  await page.getByRole("link", { name: "Can you start before summer?" }).click();
  await page.getByRole("button", { name: "Add an answer" }).click();
  await page.getByRole("group", { name: "Answer 3" }).getByLabel("Answer", { exact: true }).fill("لا أعرف بعد 🦀");
  await page.getByRole("group", { name: "Answer 3" }).getByLabel("Decides", { exact: true }).selectOption("review");
  await look("knock-out with a third answer");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.getByText("Saved.").waitFor();

  await page.getByRole("link", { name: LEFT }).click();
  await page.getByLabel("Criterion").fill("");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.getByRole("alert").waitFor();
  await look("criterion refused");
  await page.getByLabel("Criterion").fill("Evidence of care for safety.");
  await page.getByLabel("Criterion").press("Tab");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.getByText("Saved.").waitFor();

  await page.getByRole("button", { name: "Move up: résumé criterion 2" }).click();
  await page.locator("#resume_criteria li").first().getByText("care for safety").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator("#resume_criteria li").last().getByText("care for safety").waitFor();
  await page.getByRole("button", { name: "Duplicate résumé criterion 2" }).click();
  await page.getByRole("button", { name: "Remove résumé criterion 3" }).click();
  assert.equal(await page.locator("#resume_criteria .items > li").count(), 2);

  await page.getByRole("link", { name: "Add a competency question" }).click();
  await page.getByLabel("Question").fill("Which message would you never send twice?");
  await page.getByLabel("Competency").selectOption("Parcel tracking");
  await page.getByLabel("Listen for").fill("• Names the message\n• Says why");
  await look("competency question");
  await page.getByRole("button", { name: "Save, and write another" }).click();
  await page.getByText("Here is room for the next one.").waitFor();
  await page.getByRole("link", { name: "Back without saving" }).click();
  await look("draft edited");
}

async function publish(page, look, note) {
  await page.getByRole("link", { name: "Publish…" }).click();
  await page.getByLabel("What is new").fill(note);
  await look("publication");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText(/Version \d is published/).waitFor();
  await look("published");
}

async function improve(page, look) {
  await page.getByRole("button", { name: "Edit as version 2" }).click();
  await page.getByRole("link", { name: "Edit the role" }).click();
  await page.getByLabel("Name").fill("Technical conversation");
  await page.getByLabel("Minutes").fill("50");
  await look("the role");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("link", { name: "How did you find the last message that got lost?" }).click();
  assert.equal(await page.getByLabel("Interview round").inputValue(), "Technical conversation");
  await page.getByLabel("Question").fill("How did you find the last message that got lost on its way?");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await page.getByText("Saved.").waitFor();
}

async function compare(page, look) {
  await page.getByRole("link", { name: "Versions" }).click();
  await look("versions");
  await page.getByRole("link", { name: "Compare the last two" }).click();
  await page.getByRole("heading", { name: "From version 1 to 2" }).waitFor();
  await page.locator("ins", { hasText: "on its way" }).waitFor();
  await look("comparison");
}
