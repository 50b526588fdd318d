// Video questions from the first recording to the reviewer's note, with Chromium's fake camera and microphone: the
// connection is cut in the middle, the page is reloaded in the middle, and nothing is lost. Sound only, in writing, and
// without any permission. On both databases, on phone and desktop, in both themes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { apply, publishJob } from "./support/hiring.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const [PHONE_LIGHT, PHONE_DARK, DESKTOP_LIGHT, DESKTOP_DARK] = DEVICES;
const PLAN = [
  { database: "SQLite", video: PHONE_LIGHT, sound: DESKTOP_DARK, writing: PHONE_DARK },
  { database: "PostgreSQL", video: DESKTOP_LIGHT, sound: PHONE_DARK, writing: DESKTOP_DARK },
];
const GRANTED = { permissions: ["camera", "microphone"] };
/** What the fake microphone says is a beep each second. */
const SPEAKS_MS = 3_000;
const PATIENCE_MS = 45_000;

let browser;
before(async () => { browser = await launch("--use-fake-device-for-media-stream"); });
after(() => browser?.close());

describe("video questions", { concurrency: 2 }, () => {
  for (const { database, video, sound, writing } of PLAN) {
    describe(`on ${database}`, () => {
      let server;
      let job;
      before(async () => {
        server = await startDemo(database);
        const staff = await visit(browser, server, DESKTOP_LIGHT);
        job = await publishJob(staff.page);
        await staff.close();
      });
      after(() => server?.stop());

      it(`are answered on ${video.name}, though the connection is cut and the page reloaded`, async () => {
        const visitor = await visit(browser, server, { ...video, ...GRANTED });
        const { page, context, look } = visitor;
        const link = await apply(page, job, "Candidate 1");
        await page.goto(`${link}/videos`);
        await look("video questions");

        await page.getByRole("link", { name: "Go to the first question" }).click();
        await look("video question");
        await tryDevices(page);
        await look("camera and microphone");
        await practise(page, look);
        await startRecording(page);
        await look("recording");
        await page.waitForTimeout(SPEAKS_MS);
        await context.setOffline(true);
        await hasNoConnection(page);
        await look("recording without a connection");
        await page.waitForTimeout(SPEAKS_MS);
        await context.setOffline(false);
        await page.waitForTimeout(SPEAKS_MS);
        await page.getByRole("button", { name: "Stop" }).click();
        await hasArrived(page);
        const length = await lengthOf(page, "[data-playback] video");
        assert.ok(length > 3 * SPEAKS_MS / 1_000 - 1, `the recording is whole: ${length} s`);
        await look("review");
        await submit(page, look);
        assert.ok(Math.abs(await lengthOf(page, "[data-player]") - length) < 0.5, "the server has all of it");
        await look("answered");

        await page.getByRole("link", { name: "Go to question 2" }).click();
        await survivesAReload(visitor);
        await page.goto(`${link}/videos`);
        await page.getByText("2 of 3").waitFor();
        await look("video questions, two answered");
        await visitor.close();
        await reviews(server, "Candidate 1", job, length);
      });

      it(`are answered by voice alone on ${sound.name}, at the second try`, async () => {
        const visitor = await visit(browser, server, { ...sound, ...GRANTED });
        const { page, look } = visitor;
        const link = await apply(page, job, "Candidate 2");
        await page.goto(`${link}/videos/1`);
        await page.getByRole("radio", { name: "Sound only" }).check();
        await tryDevices(page);
        await look("microphone");
        for (const left of ["2 of 3 left", "1 of 3 left"]) {
          await startRecording(page);
          await page.waitForTimeout(SPEAKS_MS);
          await page.getByRole("button", { name: "Stop" }).click();
          await hasArrived(page);
          await page.getByText(left).waitFor();
          if (left.startsWith("1")) break;
          await page.getByRole("button", { name: "Record again (2 left)" }).click();
          await page.getByRole("dialog").getByRole("button", { name: "Record again" }).click();
        }
        assert.ok(await lengthOf(page, "[data-playback] audio") > 1);
        await submit(page);
        await page.getByText("sound only, 0:0").waitFor();
        await lengthOf(page, "[data-player]");
        await look("answered by voice");
        await visitor.close();
      });

      it(`are answered in writing on ${writing.name}, without JavaScript`, async () => {
        const visitor = await visit(browser, server, { ...writing, javaScriptEnabled: false });
        visitor.expect(422);
        const { page } = visitor;
        const link = await apply(page, job, "Candidate 3");
        await page.goto(`${link}/videos/1`);
        await page.getByText("Recording needs JavaScript").waitFor();
        await page.getByRole("button", { name: "Submit in writing" }).click();
        await page.getByText("a few sentences are enough").first().waitFor();
        await page.getByLabel("Your answer in writing").fill("It rests on purpose, so that the supplier can recover.");
        await page.getByRole("button", { name: "Submit in writing" }).click();
        await page.getByText("This answer was received").waitFor();
        await visitor.close();
      });

      it(`say what to do where the camera may not be used, on ${writing.name}`, async () => {
        const visitor = await visit(browser, server, writing);
        const { page, look } = visitor;
        const link = await apply(page, job, "Candidate 4");
        await page.goto(`${link}/videos/1`);
        await page.getByRole("button", { name: "Try camera and microphone" }).click();
        await page.getByText("This page may not use your camera and microphone").waitFor();
        await look("no permission");
        await page.getByRole("alert").getByRole("link", { name: "write your answer" }).click();
        await page.getByLabel("Your answer in writing").fill("In writing, then.");
        await page.getByRole("button", { name: "Submit in writing" }).click();
        await page.getByText("This answer was received").waitFor();
        await look("answered in writing");
        await visitor.close();
      });

      it(`say what to do where the browser cannot record, on ${sound.name}`, async () => {
        const visitor = await visit(browser, server, sound);
        const { page, context, look } = visitor;
        const link = await apply(page, job, "Candidate 5");
        await context.addInitScript(() => { delete globalThis.MediaRecorder; });
        await page.goto(`${link}/videos/1`);
        await page.getByText("This browser cannot record").waitFor();
        await look("browser cannot record");
        await visitor.close();
      });
    });
  }
});

/** A job of which the demo's interviewer is in the team; its public address. */
async function tryDevices(page) {
  await page.getByRole("button", { name: "Try camera and microphone" }).click();
  await page.getByText("You are heard.").waitFor();
}

async function practise(page, look) {
  await page.getByRole("button", { name: "Practise first" }).click();
  await page.getByRole("button", { name: "Not yet" }).waitFor();
  await look("countdown");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.waitForTimeout(SPEAKS_MS);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("heading", { name: /^Your practice, 0:0\d$/ }).waitFor();
  assert.ok(await lengthOf(page, "[data-playback] video") > 1);
  await look("practice");
  await page.getByRole("button", { name: "Go on to the question" }).click();
  await page.getByText("3 of 3 left").waitFor();
}

async function startRecording(page) {
  await page.getByRole("button", { name: "Start recording" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
}

function hasNoConnection(page) {
  const words = "No connection. What you record is kept in this browser";
  return page.locator("[data-sending]", { hasText: words }).waitFor({ timeout: PATIENCE_MS });
}

function hasArrived(page) {
  return page.getByText("All of it has arrived. Nothing is kept on this device.").waitFor({ timeout: PATIENCE_MS });
}

/** In seconds, once the player knows it: only then can one seek in it. */
async function lengthOf(page, player) {
  await page.locator(`${player}[data-ready]`).waitFor({ timeout: PATIENCE_MS });
  return page.locator(player).evaluate((element) => element.duration);
}

async function submit(page, look = async () => {}) {
  await page.getByRole("button", { name: "Submit this answer" }).click();
  const dialog = page.getByRole("dialog", { name: "Submit this answer?" });
  await dialog.waitFor();
  await look("submit a recording");
  await dialog.getByRole("button", { name: "Submit", exact: true }).click();
  await page.getByText("This answer was received").waitFor();
}

/** The page is reloaded while a part of the recording is on this device alone. */
async function survivesAReload({ page, context, look }) {
  await tryDevices(page);
  await startRecording(page);
  await page.waitForTimeout(SPEAKS_MS);
  await context.setOffline(true);
  await hasNoConnection(page);
  await page.waitForTimeout(SPEAKS_MS);
  // The parts still cannot be sent when the page is opened again, and stay on the device.
  await page.route("**/parts/*", (route) => route.abort("aborted"));
  await context.setOffline(false);
  const asked = page.waitForEvent("dialog").then((dialog) => dialog.accept());
  await page.reload();
  await asked;
  await page.getByText(/^A recording of 0:\d\d from before is still here\.$/).waitFor();
  await look("recording from before");
  await page.unroute("**/parts/*");
  await page.getByRole("button", { name: "Finish sending it" }).click();
  await page.getByRole("heading", { name: /^Your answer, 0:\d\d$/ }).waitFor({ timeout: PATIENCE_MS });
  const length = await lengthOf(page, "[data-playback] video");
  assert.ok(length > 2 * SPEAKS_MS / 1_000 - 2, `what was recorded before the reload is here: ${length} s`);
  await page.reload();
  await page.getByRole("heading", { name: "A recording that you have not submitted" }).waitFor();
  await lengthOf(page, "[data-kept] video");
  await look("recording on the server");
  await page.getByRole("button", { name: "Submit this recording" }).click();
  await page.getByText("This answer was received").waitFor();
}

async function reviews(server, name, job, length) {
  for (const device of [PHONE_DARK, DESKTOP_LIGHT]) {
    const staff = await visit(browser, server, device);
    const { page, look } = staff;
    await signIn(page);
    await page.waitForURL((url) => url.pathname === "/");
    await page.goto(new URL("/submissions", page.url()).href);
    await page.goto(`${job.staff}/applications`);
    const application = await page.getByRole("rowheader").getByRole("link", { name }).getAttribute("href");
    await page.goto(`${application}/videos/1`);
    assert.ok(Math.abs(await lengthOf(page, "[data-player]") - length) < 0.5);
    await look("answer under review");
    const player = page.locator("[data-player]");
    await page.locator("[data-rate]").selectOption("1.5");
    assert.equal(await player.evaluate((element) => element.playbackRate), 1.5);
    await player.evaluate((element) => { element.currentTime = 4.2; });
    await page.getByRole("button", { name: "Take the player’s time" }).click();
    assert.equal(await page.getByLabel("At", { exact: false }).first().inputValue(), "0:04");
    await page.locator("#words").fill(`Says why it rests (${device.name})`);
    await page.locator("#indicator").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Add the note" }).dblclick();
    await page.getByText("The note was added.").waitFor();
    assert.equal(await page.locator(".asks .read", { hasText: device.name }).count(), 1);
    await lengthOf(page, "[data-player]");
    await page.getByRole("link", { name: "0:04" }).first().click();
    await page.waitForFunction(() => Math.abs(document.querySelector("[data-player]").currentTime - 4) < 0.3);
    await look("answer with a note");
    await staff.close();
  }
}
