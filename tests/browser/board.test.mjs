// A recruiter's board: cards are dragged and moved by keys, many at once after a preview, and what a colleague does at the
// same time is seen; on both databases, on phone and desktop.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", devices: [PHONE_LIGHT, DESKTOP_DARK] },
  { database: "PostgreSQL", devices: [PHONE_DARK, DESKTOP_LIGHT] },
];
const JOB = "Integration Developer";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

describe("a board", () => {
  for (const { database, devices } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      before(async () => { server = await startDemo(database); });
      after(() => server?.stop());

      for (const device of devices) {
        it(`is worked on by two people on ${device.name}`, async () => {
          const [visitor, colleague] = [await visit(browser, server, device), await visit(browser, server, device)];
          visitor.expect(422);
          const { page, look } = visitor;
          const board = await open(page, "recruiter@demo.test");
          await look("board");
          await drag(page, device);
          await undo(page);
          if (!device.isMobile) await byKeys(page);
          await byForm(page, look);
          await meet(page, colleague.page, board);
          await many(page, look);
          await filter(page, look, board);
          await find(page, look);
          await byTag(page, look, board);
          await withoutNames(page, board, await visit(browser, server, device));
          await visitor.close();
          await colleague.close();
        });
      }
    });
  }
});

async function open(page, who) {
  await signIn(page, who);
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  await page.goto("/openings");
  await page.getByRole("link", { name: JOB, exact: true }).first().click();
  await page.getByRole("link", { name: "Open the board" }).click();
  await page.locator("#board").waitFor();
  return new URL(page.url()).pathname;
}

/** The first column with cards that has another one behind it: its card, and where it goes. */
async function pair(page) {
  const columns = page.locator(".column");
  const count = await columns.count();
  for (let at = 0; at < count - 1; at += 1) {
    const card = columns.nth(at).locator(".kard").first();
    if (await card.count() > 0) {
      return { id: await card.getAttribute("id"), name: await card.getAttribute("data-name"), from: columns.nth(at), to: columns.nth(at + 1) };
    }
  }
  throw new Error("no card can be moved");
}

async function isIn(column, id) {
  await column.locator(`#${id}`).waitFor();
}

async function drag(page, device) {
  const { id, name, from, to } = await pair(page);
  const card = page.locator(`#${id}`);
  await card.scrollIntoViewIfNeeded();
  const middle = async (box) => ({ x: box.x + box.width / 2, y: box.y + 12 });
  const start = await middle(await card.boundingBox());
  if (device.isMobile) {
    // A finger rests on the card, then goes to the heading of the other column.
    await page.evaluate(([selector, target]) => {
      const card = document.querySelector(selector);
      const at = (element) => element.getBoundingClientRect();
      const fire = (type, x, y) => card.dispatchEvent(new PointerEvent(type, {
        bubbles: true, cancelable: true, pointerId: 7, pointerType: "touch", isPrimary: true, button: 0, clientX: x, clientY: y,
      }));
      const [from, to] = [at(card), at(document.getElementById(target))];
      fire("pointerdown", from.x + 40, from.y + 12);
      return new Promise((resolve) => setTimeout(() => {
        document.getElementById(target).scrollIntoView({ block: "center" });
        const there = at(document.getElementById(target));
        fire("pointermove", there.x + 40, there.y + 20);
        fire("pointerup", there.x + 40, there.y + 20);
        resolve(to.x);
      }, 500));
    }, [`#${id}`, await to.getAttribute("id")]);
  } else {
    const end = await middle(await to.boundingBox());
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await page.mouse.move(end.x, end.y + 40, { steps: 4 });
    await page.mouse.up();
  }
  await page.getByText(`Moved ${name} to`).first().waitFor();
  await isIn(to, id);
  assert.equal(await from.locator(`#${id}`).count(), 0);
}

async function undo(page) {
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("is as it was").first().waitFor();
}

async function byKeys(page) {
  const { id, name, from, to } = await pair(page);
  await page.locator(`#${id} .kard-name`).focus();
  await page.keyboard.press("]");
  await page.getByText(`Moved ${name} to`).first().waitFor();
  await isIn(to, id);
  assert.equal(await page.evaluate(() => document.activeElement.closest(".kard")?.id), id, "the focus goes with the card");
  await page.keyboard.press("u");
  await page.getByText("is as it was").first().waitFor();
  await isIn(from, id);
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();
  await page.keyboard.press("x");
  await page.keyboard.press("?");
  await page.getByText("from card to card").waitFor();
  await page.keyboard.press("?");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
}

async function byForm(page, look) {
  const { id, name } = await pair(page);
  await page.locator(`#${id} .kard-move summary`).click();
  await look("board, a card's menu");
  await page.locator(`#${id} .kard-move`).getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText(`Moved ${name} to`).first().waitFor();
  await look("board, moved");
  await undo(page);
}

/** What one does, the other sees, and what the other saw before is not overwritten. */
async function meet(page, other, board) {
  await open(other, "admin@demo.test");
  const { id, name, to } = await pair(page);
  await other.locator(`#${id} .kard-move summary`).click();
  await page.locator(`#${id} .kard-move summary`).click();
  await page.locator(`#${id} .kard-move select`).selectOption(await to.getAttribute("data-stage"));
  await page.locator(`#${id} .kard-move`).getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText(`Moved ${name} to`).first().waitFor();
  // The other one has the menu open, and moves what is no longer there.
  await other.locator(`#${id} .kard-move select`).selectOption({ index: 3 });
  await other.locator(`#${id} .kard-move`).getByRole("button", { name: "Move", exact: true }).click();
  await other.getByText(`Demo Recruiter moved ${name} to`).first().waitFor();
  await other.getByText("Nothing was changed").first().waitFor();
  await other.goto(board);
  await undo(page);
  const moved = await pair(page);
  await page.locator(`#${moved.id} .kard-move summary`).click();
  await page.locator(`#${moved.id} .kard-move select`).selectOption(await moved.to.getAttribute("data-stage"));
  await page.locator(`#${moved.id} .kard-move`).getByRole("button", { name: "Move", exact: true }).click();
  await page.getByText(`Moved ${moved.name} to`).first().waitFor();
  await isIn(other.locator(`#${await moved.to.getAttribute("id")}`), moved.id);
  await undo(page);
}

async function many(page, look) {
  const boxes = page.locator(".kard-pick input");
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  await page.getByText("3 selected").waitFor();
  await look("board, three selected");
  await page.getByRole("button", { name: "End…" }).click();
  await page.getByRole("heading", { name: "End applications" }).waitFor();
  await look("preview, without a reason");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Write why").waitFor();
  await page.getByLabel("Why they end").fill("The post is filled.");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("heading", { name: /What they read/ }).waitFor();
  await look("preview");
  await page.getByRole("button", { name: "End 3" }).click();
  await page.getByText("Ended 3 applications").first().waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("3 applications are as they were").first().waitFor();
  await page.getByRole("link", { name: "Recent changes" }).click();
  await page.getByText("Ended 3 applications").first().waitFor();
  await look("recent changes");
}

async function filter(page, look, board) {
  await page.goto(board);
  await page.getByText("Filter", { exact: true }).click();
  await page.getByLabel("Time").selectOption("late");
  await look("board, filter open");
  await page.getByRole("button", { name: "Add to the filter" }).click();
  await page.waitForURL("**/board?q=late");
  await page.goto(`${board}?q=colour:red`);
  await page.getByText("There is no “colour:”").waitFor();
  await look("board, filter refused");
  await page.goto(`${board}?q=-late`);
  await page.getByText("Save this view").click();
  await page.getByLabel("Name", { exact: true }).fill("In time");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("is kept for you").waitFor();
  await look("board, view kept");
  await page.getByRole("button", { name: "Remove the view" }).click();
  await page.getByText("The view is removed").waitFor();
}

async function find(page, look) {
  await page.getByRole("link", { name: "List", exact: true }).click();
  await page.locator("#rows").waitFor();
  await look("list");
  await page.locator(".row-pick input").first().click();
  await page.getByText("1 selected").waitFor();
  await page.getByRole("link", { name: "Longest in stage" }).click();
  await look("list, longest in stage");
  await page.goto("/candidates?find=candidate");
  await page.getByRole("columnheader", { name: "Jobs" }).waitFor();
  await look("candidates");
}

async function byTag(page, look, board) {
  await page.goto(board);
  await page.getByText("Filter", { exact: true }).click();
  const tag = await page.locator("#f-tags option").first().getAttribute("value");
  await page.getByLabel("Tag", { exact: true }).fill(tag);
  await page.getByRole("button", { name: "Add to the filter" }).click();
  await page.waitForURL((url) => url.searchParams.get("q")?.startsWith("tag:"));
  await page.locator(".kard").first().waitFor();
  await look("board, by tag");
  const tagged = await page.locator(".kard").count();
  await page.goto(`${board}?q=${encodeURIComponent(`-${new URL(page.url()).searchParams.get("q")}`)}`);
  await page.locator(".kard").first().waitFor();
  assert.ok(await page.locator(".kard").count() !== tagged);
}

/** Whoever reads for the job sees nobody's name before enough people have read, and can go on from there. */
async function withoutNames(page, board, reader) {
  const settings = board.replace(/board$/, "screening/settings");
  const names = async (withheld) => {
    await page.goto(settings);
    await page.getByLabel("Read without names").setChecked(withheld);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  };
  await names(true);
  const { page: theirs, look } = reader;
  await signIn(theirs, "manager@demo.test");
  await theirs.waitForURL((url) => url.pathname !== "/sign-in");
  await theirs.goto(board);
  await theirs.getByText("Names are withheld from you").waitFor();
  const label = /^Candidate [0-9A-F]{4}$/;
  const card = theirs.locator(".kard-name").filter({ hasText: label }).first();
  const called = await card.textContent();
  await look("board, names withheld");
  await theirs.goto(board.replace(/board$/, "applications?q=state:active&order=oldest"));
  await theirs.getByText("name withheld").first().waitFor();
  await look("list, names withheld");
  await theirs.goto(`${board.replace(/board$/, "applications")}?q=${encodeURIComponent(called)}`);
  await theirs.getByText("Words find nobody whose name is withheld").waitFor();
  await theirs.goto(board);
  await card.click();
  await theirs.getByRole("heading", { name: "Names are withheld here" }).waitFor();
  await look("application, name withheld");
  await theirs.goto("/");
  await look("today, names withheld");
  await reader.close();
  await names(false);
}
