// The other pages, as an administrator meets them, and what JavaScript adds to the form.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { CORRECT, NEVER_RETRIES, openChallenge, signIn, submit, verdictArrives } from "./support/staff.mjs";

const ADMINISTRATOR = "admin@demo.test";
const DESKTOP = DEVICES.find(({ name }) => name === "desktop, light");

let browser;
let server;
before(async () => {
  browser = await launch();
  server = await startDemo("SQLite");
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const device of DEVICES) {
  it(`administrates on ${device.name}`, async () => {
    const visitor = await visit(browser, server, device);
    const { page, look } = visitor;
    visitor.expect(404);
    visitor.expect(422);

    await signIn(page, ADMINISTRATOR, "not the password");
    await page.getByRole("alert").waitFor();
    await look("sign-in refused");
    await signIn(page, ADMINISTRATOR);
    await page.waitForURL((url) => url.pathname === "/");
    await page.goto(new URL("/submissions", page.url()).href);

    if (device.isMobile) {
      await page.locator("summary", { hasText: "Menu" }).click();
      await look("menu");
    }
    await page.goto("/people");
    await look("people");
    await page.getByRole("link", { name: "Demo Interviewer" }).click();
    await look("person");
    await page.getByRole("link", { name: "Deactivate" }).click();
    await look("deactivation");
    await page.goto("/mail");
    await look("mail");
    await page.getByRole("link", { name: "Change the texts" }).click();
    await look("mail texts");
    await page.getByRole("link", { name: "Invitation" }).click();
    await page.getByLabel("Subject").fill("Hello {{candidate}}");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("Hello Robin Example", { exact: true }).waitFor();
    await look("mail text");
    await page.getByLabel("Subject").fill("Hello {{stranger}}");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("alert").waitFor();
    await look("mail text refused");
    await page.goto("/account");
    await look("account");
    await page.goto("/no-such-page");
    await look("error");
    await visitor.close();
  });
}

it("shows what a regrading would change, and applies it", async () => {
  const visitor = await visit(browser, server, DESKTOP);
  const { page, look } = visitor;
  await signIn(page, ADMINISTRATOR);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await openChallenge(page);
  await submit(page, "To be regraded", NEVER_RETRIES);
  await verdictArrives(page);
  await page.getByRole("link", { name: "Regrade" }).click();
  await page.waitForURL("**/regradings");
  await look("regradings");
  await page.locator("input[name=seed]").fill("77");
  await page.getByRole("button", { name: "Grade it again" }).click();
  await page.waitForURL("**/regradings/*");
  await page.getByRole("button", { name: "Put the new verdict in force" }).waitFor();
  await look("difference");
  await page.getByRole("button", { name: "Put the new verdict in force" }).click();
  await page.getByText("The new verdict is in force.").waitFor();
  await look("applied");
  await visitor.close();
});

it("keeps a draft in the tab until it is sent", async () => {
  const visitor = await visit(browser, server, DESKTOP);
  const { page } = visitor;
  await signIn(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await openChallenge(page);
  await page.locator("textarea[name=source]").fill(NEVER_RETRIES);
  await page.reload();
  assert.equal(await page.locator("textarea[name=source]").inputValue(), NEVER_RETRIES);
  await submit(page, "From a draft", NEVER_RETRIES);
  await openChallenge(page);
  assert.equal(await page.locator("textarea[name=source]").inputValue(), "");
  await visitor.close();
});

it("shows a dropped file before it is sent", async () => {
  const visitor = await visit(browser, server, DESKTOP);
  const { page } = visitor;
  await signIn(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await openChallenge(page);
  const files = await page.evaluateHandle((source) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([source], "dropped.js", { type: "text/javascript" }));
    return transfer;
  }, CORRECT);
  await page.dispatchEvent("textarea[name=source]", "drop", { dataTransfer: files });
  await page.waitForFunction(() => document.querySelector("input[name=title]").value === "dropped.js");
  assert.equal(await page.locator("textarea[name=source]").inputValue(), CORRECT);
  await visitor.close();
});

it("takes an uploaded file", async () => {
  const visitor = await visit(browser, server, { ...DESKTOP, javaScriptEnabled: false });
  const { page } = visitor;
  await signIn(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await openChallenge(page);
  const file = { name: "uploaded.ts", mimeType: "text/plain", buffer: Buffer.from(CORRECT) };
  await page.locator("input[name=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  await verdictArrives(page);
  assert.match(await page.locator("main").innerText(), /uploaded/);
  await visitor.close();
});

it("leads the keyboard past the navigation", async () => {
  const visitor = await visit(browser, server, DESKTOP);
  const { page } = visitor;
  await signIn(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  // The browser tells of the new address a moment after the key.
  await page.waitForURL((url) => url.hash === "#main");
  await visitor.close();
});
