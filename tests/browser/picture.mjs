// Takes the picture of a verdict that the README shows, from the demo data. `make picture` runs it.
import { launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { signIn } from "./support/staff.mjs";

const FILE = new URL("../../static/readme/verdict.png", import.meta.url).pathname;
const WIDTH = 1280;
const HEIGHT = 1240;

const server = await startDemo("SQLite");
const browser = await launch();
try {
  const { page, close } = await visit(browser, server, { viewport: { width: WIDTH, height: HEIGHT }, colorScheme: "light" });
  await signIn(page);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await page.goto("/submissions?band=meets");
  await page.locator("main tbody a").first().click();
  await page.waitForURL("**/submissions/*");
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: FILE, clip: { x: 0, y: 0, width: WIDTH, height: HEIGHT } });
  await close();
} finally {
  await browser.close();
  await server.stop();
}
