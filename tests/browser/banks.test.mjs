// Question banks: made, searched, improved by a proposal, and practised on by a stranger; on both databases, on phone and
// desktop, in both themes, with JavaScript and without, and with nothing kept on a device that was not asked for.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
/** Each database with a phone and a desktop, each size in both themes. */
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK], withoutScript: PHONE_DARK },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT], withoutScript: DESKTOP_LIGHT },
];
const RETRIES = {
  Question: "A partner answers 429 for an hour. What does your client do, and what do you tell the team that waits for the data?",
  Topic: "Retries",
  Difficulty: "medium",
  "Asked for": "Whether somebody waits politely, and knows when to give up.",
  "Sample answer": "First I look for Retry-After and wait for as long as it says.\n\nWithout it, the client waits with full jitter up to a cap of a minute, and opens its breaker after five failures. The team gets a message that says which data is late, and when we try again.",
  "Follow-ups": "What would you log?\nHow do you test this?",
  "Listen for": "Honours Retry-After\nNames a cap for the waits\nTells the people who wait",
  "Be wary of": "Retries at once\nHas no end",
};
const QUEUE = {
  Question: "Was tun Sie, wenn eine Façade zu langsam wird? 🦀",
  Topic: "عقود",
  Difficulty: "hard",
  "Sample answer": "أقيس أولاً ثم أغيّر 🦀 and only then cache.",
};
const SAFE = { Question: "Which requests is it safe to repeat?", Topic: "Retries", Difficulty: "easy", "Sample answer": "Reads, and what carries an idempotency key." };
const BETTER = RETRIES["Sample answer"].replace("five failures", "three failures in a row");
const MINE = "I wait for as long as they say, and tell the team.\nسأنتظر 🦀";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("question banks", { concurrency: 2 }, () => {
  for (const { database, devices, withoutScript } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of devices) {
        it(`are made, searched, improved and practised on ${device.name}`, async () => {
          const staff = await visit(browser, server, device);
          const title = `Integration, ${device.name}`;
          const bank = await makesABank(staff, title);
          await searches(staff, bank, title);
          const question = await proposes(browser, server, device, bank);
          await takes(staff, question);
          await opens(staff, bank);
          await staff.close();

          const visitor = await visit(browser, server, device);
          await practises(visitor, title);
          await keepsOnlyWhenAsked(visitor);
          await visitor.close();
        });
      }

      it(`are practised without JavaScript on ${withoutScript.name}`, async () => {
        const staff = await visit(browser, server, { ...withoutScript, javaScriptEnabled: false });
        // axe is a script itself.
        const { page, expect } = staff;
        const unseen = { page, expect, look: async () => {} };
        const title = "Integration, no script";
        const bank = await makesABank(unseen, title);
        await opens(unseen, bank);
        await page.goto("/practice");
        await page.getByRole("link", { name: title }).click();
        await page.getByRole("link", { name: RETRIES.Question }).click();
        assert.equal(await page.locator("[data-minutes]:visible, [data-keep]:visible").count(), 0);
        await page.getByLabel("Your answer").fill(MINE);
        await page.getByRole("button", { name: "Compare with the sample" }).click();
        await page.getByRole("checkbox", { name: "Honours Retry-After" }).check();
        await page.getByRole("checkbox", { name: "Has no end" }).check();
        await page.getByRole("button", { name: "Count" }).click();
        await page.getByText("1 of 3 shown, 1 to be wary of").waitFor();
        assert.ok(await page.getByRole("checkbox", { name: "Has no end" }).isChecked());
        await page.getByRole("button", { name: "Change it" }).click();
        assert.equal(await page.getByLabel("Your answer").inputValue(), MINE);
        await page.getByRole("link", { name: "Next question" }).click();
        await page.getByRole("heading", { name: SAFE.Question, level: 1 }).waitFor();
        await staff.close();
      });
    });
  }
});

async function makesABank({ page, look, expect }, title) {
  expect(422);
  await signIn(page, "recruiter@demo.test");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await page.goto("/banks");
  await look("banks at first");
  await page.goto("/banks/new");
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("About").fill("For engineers who connect systems that they do not own.\n\nHalf an hour is enough for three of these.");
  await page.getByLabel("Advice").fill("Speak of one system that you know well\nSay what you would measure");
  await look("bank form");
  await page.getByRole("button", { name: "Make the bank" }).click();
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  await look("bank without questions");
  const bank = new URL(page.url()).pathname;
  for (const question of [RETRIES, QUEUE, SAFE]) await add(page, bank, question, look);
  await page.goto(bank);
  await look("bank");
  return bank;
}

async function add(page, bank, question, look) {
  await page.goto(`${bank}/questions/new`);
  for (const [label, text] of Object.entries(question)) await page.getByLabel(new RegExp(`^${label}`)).fill(text);
  if (question === QUEUE) {
    await page.getByLabel("Question", { exact: true }).fill(" ");
    await page.getByRole("button", { name: "Add the question" }).click();
    await page.getByRole("alert").waitFor();
    await look("question refused");
    assert.equal(await page.getByLabel("Sample answer").inputValue(), question["Sample answer"], "nothing is lost");
    await page.getByLabel("Question", { exact: true }).fill(question.Question);
  }
  await page.getByRole("button", { name: "Add the question" }).click();
  await page.getByRole("heading", { name: question.Question, level: 1 }).waitFor();
}

async function searches({ page, look }, bank, title) {
  await page.goto("/banks");
  await page.getByRole("link", { name: title }).waitFor();
  await look("banks");
  await page.getByLabel("Words").fill("LANGSAM facade");
  await page.getByRole("button", { name: "Show" }).click();
  await page.locator("main tbody").getByRole("link", { name: QUEUE.Question }).first().waitFor();
  await look("questions found");
  await page.getByLabel("Difficulty").selectOption("easy");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("heading", { name: "Nothing fits" }).waitFor();
  await look("nothing fits");

  await page.goto(bank);
  await page.getByLabel("Topic", { exact: true }).selectOption({ label: "Retries" });
  await page.getByRole("button", { name: "Show" }).click();
  assert.equal(await page.locator("main article").count(), 2);
  await page.getByText("Sample answer").first().click();
  await look("bank by topic");
}

async function proposes(browser, server, device, bank) {
  const interviewer = await visit(browser, server, device);
  interviewer.expect(422);
  const { page, look } = interviewer;
  await signIn(page);
  await page.goto(bank);
  await page.getByRole("link", { name: RETRIES.Question }).click();
  await look("question");
  await page.getByText("Propose a better answer").click();
  await page.getByLabel("The better answer").fill(BETTER);
  await page.getByLabel("Why is it better?").fill(" ");
  await page.getByRole("button", { name: "Propose" }).click();
  await page.getByRole("alert").waitFor();
  await look("proposal refused");
  await page.getByLabel("Why is it better?").fill("Single failures in between must not open the breaker.");
  await page.getByRole("button", { name: "Propose" }).click();
  await page.locator("ins", { hasText: "three" }).waitFor();
  await look("proposal");
  assert.equal(await page.getByRole("button", { name: "Take it" }).count(), 0);
  const question = new URL(page.url()).pathname;
  await interviewer.close();
  return question;
}

async function takes({ page, look }, question) {
  await page.goto(question);
  await look("proposal to decide");
  await page.getByRole("button", { name: "Take it" }).click();
  await page.getByText("Taken. This is the sample answer now.").waitFor();
  await page.getByText("Decided before: 1").click();
  await look("proposal taken");
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  assert.equal(await page.getByLabel("Sample answer").inputValue(), BETTER);
  await look("question form");
  await page.goto(`${question}/removal`);
  await look("question removal");
}

async function opens({ page, look }, bank) {
  await page.goto(`${bank}/removal`);
  await look("bank removal");
  await page.goto(bank);
  await page.getByRole("button", { name: "Open for practice" }).click();
  await page.getByText("Anybody may practise on this bank now.").waitFor();
}

async function practises({ page, look }, title) {
  await page.goto("/practice");
  await look("practice");
  await page.getByRole("link", { name: title, exact: true }).click();
  await look("practice bank");
  await page.getByLabel("Difficulty").selectOption("hard");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByRole("link", { name: QUEUE.Question }).click();
  await look("practice right to left");
  await page.getByRole("link", { name: "All questions" }).click();
  await page.getByRole("link", { name: RETRIES.Question }).click();

  await page.clock.install();
  await page.reload();
  await page.getByText("2 minutes", { exact: true }).click();
  await page.locator("[data-left]", { hasText: "2 minutes" }).waitFor();
  await page.getByLabel("Your answer").fill(MINE);
  await look("practice question");
  await page.clock.runFor(65_000);
  assert.match(await page.locator("[data-left]").innerText(), /^5\d seconds$/);
  await page.clock.runFor(60_000);
  await page.getByText("The time is over. Finish your thought").waitFor();
  assert.equal(await page.getByLabel("Your answer").inputValue(), MINE, "nothing is sent by itself");
  await look("practice time over");

  await page.getByRole("button", { name: "Compare with the sample" }).click();
  await page.getByText("0 of 3 shown, 0 to be wary of").waitFor();
  await page.getByRole("checkbox", { name: "Honours Retry-After" }).check();
  await page.getByRole("checkbox", { name: "Tells the people who wait" }).check();
  await page.getByText("2 of 3 shown, 0 to be wary of").waitFor();
  await look("practice result");
  assert.equal(await stored(page), "{}", "nothing is kept unasked");
}

async function keepsOnlyWhenAsked({ page, context, look }) {
  await page.getByRole("checkbox", { name: "Keep my answers on this device" }).check();
  await page.getByText("1 answer is kept here.").waitFor();
  await look("practice kept");
  const question = page.url().replace(/#.*/, "");
  const another = await context.newPage();
  await another.goto(question);
  assert.equal(await another.getByLabel("Your answer").inputValue(), MINE);
  await another.getByRole("button", { name: "Compare with the sample" }).click();
  await another.getByText("2 of 3 shown, 0 to be wary of").waitFor();
  await another.getByRole("button", { name: "Change it" }).click();
  await another.getByLabel("Your answer").fill("Another answer");
  await another.getByRole("button", { name: "Compare with the sample" }).click();
  await another.getByText("0 of 3 shown, 0 to be wary of").waitFor();
  await another.getByRole("button", { name: "Forget them" }).click();
  await another.getByText("Forgotten. Nothing is kept on this device.").waitFor();
  assert.equal(await stored(another), "{}");
  await another.reload();
  assert.ok(!(await another.getByRole("checkbox", { name: "Keep my answers" }).isChecked()));
  await another.close();
}

/** All that the site keeps in this browser. */
function stored(page) {
  return page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
}
