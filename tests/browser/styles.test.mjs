// The style sheets hold to their budget and their rules, and pages ask for no class that does not exist.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { gzipSync } from "node:zlib";

const root = new URL("../../", import.meta.url).pathname;
const BUDGET = 11_000;

const sheets = filesOf("static/css", ".css").map((file) => readFileSync(file, "utf8"));
const styles = sheets.join("\n").replace(/\/\*.*?\*\//gs, "");

it("all style sheets together stay within their budget", () => {
  // As they are served: the build takes comments and indentation out.
  const served = styles.split("\n").map((line) => line.trim()).filter((line) => line !== "").join("\n");
  const size = gzipSync(served, { level: 9 }).length;
  assert.ok(size <= BUDGET, `${size} bytes compressed are more than ${BUDGET}`);
});

it("nothing is !important: the layers say what wins", () => {
  assert.ok(!styles.includes("!important"));
});

it("every font that is asked for was built", () => {
  const built = new Set(readdirSync(path.join(root, "static/fonts")));
  const missing = [...styles.matchAll(/url\("\.\.\/fonts\/([^"]+)"\)/g)].map((m) => m[1]).filter((name) => !built.has(name));
  assert.deepEqual(missing, []);
});

it("every class in a template is styled", () => {
  const styled = new Set([...styles.matchAll(/\.([a-z][\w-]*)/gi)].map((match) => match[1]));
  const unknown = filesOf("templates", ".html").flatMap((file) =>
    classesOf(readFileSync(file, "utf8"))
      .filter((name) => !styled.has(name))
      .map((name) => `${path.relative(root, file)}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

it("no template styles an element in place: the Content-Security-Policy refuses it", () => {
  const inline = filesOf("templates", ".html").filter((file) => /<[^>]*\sstyle\s*=/.test(readFileSync(file, "utf8")));
  assert.deepEqual(inline, []);
});

function filesOf(folder, extension) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(root, folder, name));
}

/** The classes that stand there literally; a part that an expression makes is left out, and the word around it too. */
function classesOf(template) {
  return [...template.matchAll(/\sclass="([^"]*)"/g)].flatMap((match) =>
    match[1]
      .replace(/\{%.*?%\}/g, " ")
      .replace(/[\w-]*\{\{.*?\}\}[\w-]*/g, " ")
      .split(/\s+/)
      .filter((name) => name !== ""),
  );
}
