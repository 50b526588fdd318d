// Chromium, and a visitor in it who notices everything that goes wrong on a page.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { axeSource, chromium } from "./packages.mjs";

const SCREENSHOTS = process.env.HALFOPEN_SCREENSHOTS;
const WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Only a test that takes the connection away meets this one. */
const OFFLINE = "net::ERR_INTERNET_DISCONNECTED";

/** The two ends of what people hold in their hands, in both themes. */
export const DEVICES = [
  { name: "phone, light", viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
  { name: "phone, dark", viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true, isMobile: true },
  { name: "desktop, light", viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  { name: "desktop, dark", viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
];

/** With further switches, such as a camera that shows a moving picture. */
export function launch(...further) {
  return chromium.launch({
    executablePath: process.env.HALFOPEN_TEST_CHROMIUM || "/usr/bin/chromium",
    chromiumSandbox: process.getuid() !== 0,
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
      ...further,
    ],
  });
}

/** Someone with a device. `close` fails if a page logged an error, threw, or asked in vain for something. */
export async function visit(browser, server, { name = "desktop", ...options } = {}) {
  const context = await browser.newContext({ baseURL: server.url, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const faults = [];
  const expected = new Set();
  page.on("console", (message) => {
    const refused = /status of (\d+)/.exec(message.text())?.[1];
    if (message.type() !== "error" || expected.has(Number(refused)) || message.text().includes(OFFLINE)) return;
    faults.push(`console: ${message.text()} ${place(message.location())}`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.stack ?? error}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A page that is left while it still asks for something is no fault of the server.
    if (why !== "net::ERR_ABORTED" && why !== OFFLINE) faults.push(`request: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !expected.has(response.status())) {
      faults.push(`response: ${response.status()} ${response.url()}`);
    }
  });

  return {
    page,
    context,
    /** From now on, an answer with this status is what the test wants to see. */
    expect: (status) => expected.add(status),
    look: (title) => look(page, `${server.database}, ${name}, ${title}`),
    close: async () => {
      await context.close();
      assert.deepEqual(faults, [], "nothing went wrong in the browser");
    },
  };
}

function place({ url, lineNumber, columnNumber }) {
  return `${url}:${lineNumber}:${columnNumber}`;
}

/** Checks the page as it stands, for everyone who uses it. */
async function look(page, title) {
  await page.evaluate(() => document.fonts.ready);
  if (SCREENSHOTS) await photograph(page, title);
  await fitsTheScreen(page, title);
  await passesAxe(page, title);
}

async function photograph(page, title) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const file = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  await page.screenshot({ path: path.join(SCREENSHOTS, `${file}.png`), fullPage: true });
}

async function fitsTheScreen(page, title) {
  const { wide, screen } = await page.evaluate(() => ({
    wide: document.scrollingElement.scrollWidth,
    screen: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= screen, `${title}: the page is ${wide} px wide on a screen of ${screen} px`);
}

async function passesAxe(page, title) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (tags) => {
    // A bar that stays covers whatever is scrolled beneath it just then, and scrolling frees it: no fault of the page.
    const staying = [...document.querySelectorAll("body *")].filter((one) => getComputedStyle(one).position === "sticky");
    for (const { style } of staying) Object.assign(style, { position: "relative", inset: "auto" });
    const result = await globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } });
    for (const { style } of staying) Object.assign(style, { position: "", inset: "" });
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => ({ html: html.slice(0, 200), failureSummary })),
    }));
  }, WCAG_AA);
  assert.deepEqual(violations, [], `${title}: axe finds nothing`);
}
