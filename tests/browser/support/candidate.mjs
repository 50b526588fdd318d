// What a recruiter does for a candidate, and what the candidate does at the link, by what they see.
import { signIn } from "./staff.mjs";

const RECRUITER = "recruiter@demo.test";

/** Never tries again, prints, and throws where nobody catches it: in line 5 of the TypeScript that was typed. */
export const WRONG = `type Operation = () => Promise<unknown>;

export async function executeWithRetry(operation: Operation) {
  console.log("called");
  setTimeout(() => { (undefined as any).length; }, 1);
  return operation();
}
`;

/** The third line lacks a bracket. */
export const UNPARSABLE = `type Operation = () => Promise<unknown>;

export async function executeWithRetry(operation: Operation {
  return operation();
}
`;

export async function recruit(page) {
  await signIn(page, RECRUITER);
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
}

/** Ends on the page of the assessment. */
export async function invite(page, { candidate, email, withAi = false, factor = "1", minutes = "20" }, look = async () => {}) {
  await page.goto("/assessments");
  await page.getByRole("link", { name: "Invite a candidate" }).click();
  await page.getByLabel("Name", { exact: true }).fill(candidate);
  await page.getByLabel("Mail address").fill(email);
  await page.getByRole("radio", { name: withAi ? "With AI" : "Without AI" }).check();
  await page.getByLabel("Minutes").fill(minutes);
  await page.getByLabel("Time factor").fill(factor);
  await look("invite");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("heading", { name: candidate, level: 1 }).waitFor();
}

/** The link as the candidate's mail has it. */
export async function linkInMail(page, email, subject, look = async () => {}) {
  await page.goto(`/mail?q=${encodeURIComponent(email)}`);
  await look("mailbox");
  await page.locator("main tbody").getByRole("link", { name: subject }).click();
  const letter = page.locator(".card.letter");
  await letter.waitFor();
  await look("invitation");
  return /http\S+\/test\/[\w-]{32}/.exec(await letter.innerText())[0];
}

export async function start(page, link, look = async () => {}) {
  await page.goto(link);
  await page.getByRole("link", { name: "Go to the start" }).click();
  await look("start");
  await page.getByRole("button", { name: /^Start my \d+ minutes?$/ }).click();
  await page.getByRole("heading", { name: "Your program" }).waitFor();
}

/** Puts a program in the place of what stands in the editor: pasted, which is how so many lines get there at once. */
export async function write(page, program) {
  const content = page.locator(".cm-content");
  await content.click();
  await page.keyboard.press("ControlOrMeta+a");
  await content.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, program);
}

/** What the editor holds; its field holds the same, whatever is scrolled out of sight. */
export function written(page) {
  return page.locator("textarea[name=source]").inputValue();
}

export async function run(page) {
  const number = Number(/run (\d+)/.exec(await page.locator("#results").innerText())?.[1] ?? 0);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator("#results .label", { hasText: `run ${number + 1} ` }).waitFor();
}

export async function log(page, { proposed, fate, why }) {
  await page.locator("#proposed").fill(proposed);
  await page.getByRole("radio", { name: fate }).check();
  await page.locator("#why").fill(why);
  await page.getByRole("button", { name: "Add to the log" }).click();
  await page.locator(".ailog", { hasText: proposed }).waitFor();
}
