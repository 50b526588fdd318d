// What members of the staff do, by what they see: labels, buttons, links.
import { readFileSync } from "node:fs";
import { PASSWORD } from "./server.mjs";

const GRADING_MS = 60_000;

export const CORRECT = proof("correct/reference.js");
export const TYPESCRIPT = proof("correct/rounded-equal.ts");
export const NEVER_RETRIES = "export async function executeWithRetry(operation) {\n  return operation();\n}\n";
export const BROKEN = "export async function executeWithRetry(operation {\n  return operation();\n}\n";

function proof(name) {
  return readFileSync(new URL(`../../../challenges/execute-with-retry/proofs/${name}`, import.meta.url), "utf8");
}

export async function signIn(page, email = "interviewer@demo.test", password = PASSWORD) {
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function openChallenge(page) {
  await page.goto("/challenges");
  await page.locator("main a[href='/challenges/execute-with-retry']").click();
  await page.waitForURL("**/challenges/execute-with-retry");
}

export async function submit(page, title, source) {
  await page.locator("input[name=title]").fill(title);
  await page.locator("textarea[name=source]").fill(source);
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  await page.waitForURL("**/submissions/*");
}

export function verdictArrives(page) {
  return page.locator("main .verdict, main .rejected, main #rejected").first().waitFor({ timeout: GRADING_MS });
}
