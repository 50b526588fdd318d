// A member of the staff signs in, submits a program, reads its verdict and replays it:
// on both databases, on phone and desktop, in both themes, with JavaScript and without.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVICES, launch, visit } from "./support/browser.mjs";
import { startDemo } from "./support/server.mjs";
import { BROKEN, CORRECT, NEVER_RETRIES, TYPESCRIPT, openChallenge, signIn, submit, verdictArrives } from "./support/staff.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const database of ["SQLite", "PostgreSQL"]) {
  describe(`on ${database}`, () => {
    let server;
    before(async () => { server = await startDemo(database); });
    after(() => server?.stop());

    for (const device of DEVICES) {
      it(`goes from sign-in to a replay on ${device.name}`, async () => {
        const visitor = await visit(browser, server, device);
        const { page, look } = visitor;

        await page.goto("/sign-in");
        await look("sign-in");
        await signIn(page);
        await page.waitForURL((url) => url.pathname === "/");
        await page.goto(new URL("/submissions", page.url()).href);
        await look("submissions");

        await openChallenge(page);
        await look("challenge");
        await submit(page, `Reference, ${device.name}`, CORRECT);
        await verdictArrives(page);
        await look("verdict exceeds");
        assert.match(await page.locator(".band-word").innerText(), /Exceeds/);
        assert.equal(await page.locator(".criteria li").count(), 13);

        await openChallenge(page);
        await submit(page, `Never retries, ${device.name}`, NEVER_RETRIES);
        await verdictArrives(page);
        await look("verdict below");
        assert.match(await page.locator(".band-word").innerText(), /Below/);

        await page.locator(".finding a[href*='/replay?']").first().click();
        await page.waitForURL("**/replay?**");
        await look("replay");
        assert.ok(await page.locator("main svg[role=img]:visible").count() > 0, "a timeline is drawn");

        await visitor.close();
      });
    }

    it("explains why a program was rejected", async () => {
      const visitor = await visit(browser, server, DEVICES[2]);
      const { page, look } = visitor;
      await signIn(page);
      await openChallenge(page);
      await submit(page, "Does not parse", BROKEN);
      await verdictArrives(page);
      await look("rejected");
      assert.match(await page.locator("main").innerText(), /line 1/i);
      await visitor.close();
    });

    it("works without JavaScript", async () => {
      const visitor = await visit(browser, server, { name: "no script", javaScriptEnabled: false });
      const { page } = visitor;
      await signIn(page);
      await page.waitForURL((url) => url.pathname === "/");
      await page.goto(new URL("/submissions", page.url()).href);
      await openChallenge(page);
      await submit(page, "Typed in TypeScript", TYPESCRIPT);
      await verdictArrives(page);
      assert.match(await page.locator(".band-word").innerText(), /Exceeds/);
      await visitor.close();
    });
  });
}
