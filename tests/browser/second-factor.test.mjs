// A second factor is set up and asked for, a recovery code stands in for it, and browsers are signed out one by one; on
// both databases, on phone and desktop, with JavaScript and without.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { PASSWORD, startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
/** Each sets up the second factor of one account, so each has one of its own. */
const PLAN = [
  { database: "SQLite", devices: [[PHONE_LIGHT, "recruiter"], [DESKTOP_DARK, "manager"]], withoutScript: [PHONE_DARK, "interviewer"] },
  { database: "PostgreSQL", devices: [[PHONE_DARK, "recruiter"], [DESKTOP_LIGHT, "manager"]], withoutScript: [DESKTOP_LIGHT, "interviewer"] },
];
const STEP_MS = 30_000;

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("a second factor", () => {
  for (const { database, devices, withoutScript: [device, account] } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const [device, account] of devices) {
        it(`is set up, asked for and replaced by a recovery code on ${device.name}`, () => play(server, device, `${account}@demo.test`));
      }
      const bare = { ...device, name: `${device.name}, without JavaScript`, javaScriptEnabled: false };
      it(`needs no JavaScript on ${device.name}`, () => play(server, bare, `${account}@demo.test`));

      it("is required of everybody by an administrator", async () => {
        const visitor = await visit(browser, server, devices[1][0]);
        visitor.expect(422);
        await require(visitor);
        await visitor.close();
      });
    });
  }
});

async function play(server, device, email) {
  const visitor = await visit(browser, server, device);
  visitor.expect(422);
  const { page, context } = visitor;
  // The checks of a page run as a script of their own.
  const look = device.javaScriptEnabled === false ? async () => {} : visitor.look;
  await signIn(page, email);
  await page.goto("/account");
  await look("account");
  await page.getByRole("button", { name: "Set up a second factor" }).click();
  const { key, used, codes } = await setUp(page, look);
  const first = await context.cookies();

  await context.clearCookies();
  await signIn(page, email);
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await look("the code");
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This code does not fit").waitFor();
  await look("the code refused");
  await page.getByLabel("Code").fill(nextCode(key, used));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));

  await context.clearCookies();
  await signIn(page, email);
  await page.getByRole("link", { name: "Use a recovery code" }).click();
  await look("a recovery code");
  await page.getByLabel("Recovery code").fill(codes[0].toUpperCase());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That recovery code is used up; 9 are left.").waitFor();

  await page.goto("/account");
  await look("account, three browsers");
  await page.locator("#sessions tbody button").first().click();
  await page.getByText("That browser is signed out.").waitFor();
  assert.equal(await page.locator("#sessions tbody tr").count(), 2);
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await page.getByText("Everywhere else you are signed out.").waitFor();
  const here = await context.cookies();
  await context.clearCookies();
  await context.addCookies(first);
  await page.goto("/account");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  await context.addCookies(here);
  await page.goto("/account/second-factor");
  await look("second factor, on");
  await page.getByRole("button", { name: "Switch it off" }).locator("xpath=ancestor::form").locator("input").fill(PASSWORD);
  await page.getByRole("button", { name: "Switch it off" }).click();
  await page.getByText("The second factor is off.").waitFor();
  await visitor.close();
}

/** Ends with the second factor on, and says what an app and a person keep of it. */
async function setUp(page, look) {
  await page.getByRole("img", { name: /^QR code/ }).waitFor();
  await look("second factor, its key");
  const key = (await page.getByLabel(/^Or type this key/).inputValue()).replaceAll(" ", "");
  await page.getByLabel(/^Code/).fill("000000");
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByRole("alert").waitFor();
  await look("second factor, a code refused");
  const used = step();
  await page.getByLabel(/^Code/).fill(code(key, used));
  await page.getByRole("button", { name: "Switch it on" }).click();
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  await look("recovery codes");
  const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allInnerTexts();
  assert.equal(new Set(codes).size, 10);
  return { key, used, codes };
}

async function require({ page, look }) {
  await signIn(page, "admin@demo.test");
  await page.goto("/people");
  await page.getByRole("button", { name: "Require it of everybody" }).click();
  await page.getByText("Everybody here signs in with a second factor.").waitFor();
  await look("second factor, required");
  await page.getByRole("button", { name: "Set it up" }).click();
  await setUp(page, async () => {});
  await page.goto("/people");
  await look("people, second factor required");
  await page.locator("main").getByRole("link", { name: "Demo Administrator" }).click();
  await look("person with a second factor");
  await page.goto("/people");
  await page.getByRole("button", { name: "Let everybody decide" }).click();
  await page.getByText("Everybody decides alone.").waitFor();
}

function step() {
  return Math.floor(Date.now() / STEP_MS);
}

/** A code that was not taken yet: the server takes the next one already, because clocks differ. */
function nextCode(key, used) {
  return code(key, Math.max(step(), used + 1));
}

/** What an app shows in a step (RFC 6238). */
function code(key, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", base32(key)).update(counter).digest();
  const word = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fff_ffff;
  return String(word % 1_000_000).padStart(6, "0");
}

function base32(text) {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
