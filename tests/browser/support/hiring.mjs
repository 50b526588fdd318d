// What recruiters and candidates do around a job, by what they see.
import { signIn } from "./staff.mjs";

/** Signs in as a recruiter, and publishes a job on a kit that ships. */
export async function publishJob(page, title = "Integration Developer, on video") {
  await signIn(page, "recruiter@demo.test");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(new URL("/submissions", page.url()).href);
  await page.goto("/openings");
  await page.getByRole("link", { name: /^(New job|Make the first one)$/ }).first().click();
  await page.getByLabel("Role kit").selectOption("Integration Developer");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Level").selectOption({ index: 1 });
  await page.getByLabel("Place").fill("Lisbon");
  await page.getByLabel("Country").selectOption("Portugal");
  await page.getByLabel("Salary from").fill("42000");
  await page.getByLabel("To", { exact: true }).fill("64000");
  await page.getByLabel("Description").fill("You connect systems, and you are there when one of them is down.");
  await page.getByRole("button", { name: "Make the job" }).click();
  await page.getByText("as a draft").waitFor();
  await page.getByLabel("Who joins").selectOption({ label: "Demo Interviewer, interviewer" });
  await page.getByRole("button", { name: "Add to the team" }).click();
  await page.getByText("Demo Interviewer is in the team.").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("The job is published.").waitFor();
  return { title, staff: new URL(page.url()).pathname, path: new URL(await page.getByLabel("Public address").inputValue()).pathname };
}

/** Ends on the page that says how it stands, and says its address. */
export async function apply(page, { path }, name) {
  await page.goto(`${path}/application`);
  await page.locator("input[name=answer-0][value=Yes]").check();
  await page.locator("input[name=email]").fill(`${name.toLowerCase().replace(" ", ".")}@mail.example`);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/application/*");
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=answer-1][value=No]").check();
  const resume = { name: "resume.txt", mimeType: "text/plain", buffer: Buffer.from("Two years of integrations with carriers.\n") };
  await page.locator("input[type=file]").first().setInputFiles(resume);
  await page.locator("#consent").check();
  await page.getByRole("button", { name: "Send the application" }).click();
  await page.getByRole("heading", { name: "What we received" }).waitFor();
  return new URL(page.url()).pathname;
}
