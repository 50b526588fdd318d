// The style sheets hold to their budget and their rules, and no page asks for a class that its own sheets do not know.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { gzipSync } from "node:zlib";

const root = new URL("../../", import.meta.url).pathname;
/** What one page may load: the core and the sheets that it links, as they are served, each compressed. */
const BUDGET = 11_000;
/** Templates that pages hold as values, and so without an include. */
const DRAWN = [
  [/\bfigure\|safe/, "verdicts/figure.html"],
  [/\btable\|safe/, "components/table.html"],
];

const core = coreOf("static/css");
const rooms = new Map(filesOf("static/css/rooms", ".css").map((file) => [path.basename(file, ".css"), bare(readFileSync(file, "utf8"))]));
const styles = [core, ...rooms.values()].join("\n");
const templates = new Map(filesOf("templates", ".html").map((file) => [path.relative(path.join(root, "templates"), file), templateOf(file)]));
const extended = new Set([...templates.values()].map((template) => template.parent));
const pages = [...templates.keys()].filter((name) => templates.get(name).parent && !extended.has(name)).map(pageOf);

it("what each page loads stays within the budget", (test) => {
  const sizes = new Map([...rooms].map(([name, sheet]) => [name, compressed(sheet)]));
  const loads = pages.map(({ name, sheets }) => [sheets.reduce((sum, sheet) => sum + sizes.get(sheet), compressed(core)), name]);
  const [most, largest] = loads.sort(([a], [b]) => b - a)[0];
  test.diagnostic(`the core has ${compressed(core)} bytes; most, ${most}, has ${largest}`);
  assert.deepEqual(loads.filter(([size]) => size > BUDGET), []);
});

it("every page links the core and no sheet twice, and every sheet is linked by a page", () => {
  for (const { name, text, sheets } of pages) {
    assert.ok(text.includes('asset("css/halfopen.css")'), `${name} does not link the core`);
    assert.deepEqual(sheets.filter((sheet, at) => !rooms.has(sheet) || sheets.indexOf(sheet) !== at), [], name);
  }
  const linked = new Set(pages.flatMap((page) => page.sheets));
  assert.deepEqual([...rooms.keys()].filter((sheet) => !linked.has(sheet)), []);
});

it("the core says first in which order the layers count, and all rules stand in one of them", () => {
  const [, order] = core.match(/^@layer ([^;{]*);/) ?? assert.fail("the core begins with something else");
  const layers = order.split(",").map((layer) => `@layer ${layer.trim()}`);
  const outside = [core.slice(core.indexOf(";") + 1), ...rooms.values()].flatMap(outermost).filter((rule) => !layers.includes(rule) && rule !== "@font-face");
  assert.deepEqual(outside, []);
});

it("nothing is !important: the layers say what wins", () => {
  assert.ok(!styles.includes("!important"));
});

it("every font that is asked for was built", () => {
  const built = new Set(readdirSync(path.join(root, "static/fonts")));
  const missing = [...styles.matchAll(/url\("\.\.\/fonts\/([^"]+)"\)/g)].map((m) => m[1]).filter((name) => !built.has(name));
  assert.deepEqual(missing, []);
});

it("every class of a page is styled in the core or in a sheet that this page links", () => {
  const known = new Map([...rooms].map(([name, sheet]) => [name, styledIn(sheet)]));
  const always = styledIn(core);
  const unknown = pages.flatMap(({ name, text, sheets }) =>
    [...new Set([...classesOf(text), ...scriptsOf(text).flatMap(classesOfScript)])]
      .filter((word) => !always.has(word) && !sheets.some((sheet) => known.get(sheet)?.has(word)))
      .map((word) => `${name}: ${word}`),
  );
  assert.deepEqual(unknown, []);
});

it("every template with a class belongs to a page", () => {
  const seen = new Set(pages.flatMap((page) => [...page.seen]));
  assert.deepEqual([...templates].filter(([name, { body }]) => !seen.has(name) && classesOf(body).length > 0).map(([name]) => name), []);
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

/** The sheets of a folder as the build joins them: the tokens first. */
function coreOf(folder) {
  const files = filesOf(folder, ".css").filter((file) => path.dirname(file) === path.join(root, folder));
  files.sort((a, b) => b.endsWith("tokens.css") - a.endsWith("tokens.css") || (a < b ? -1 : 1));
  return bare(files.map((file) => readFileSync(file, "utf8")).join("\n"));
}

/** As it is served: the build takes comments and indentation out. */
function bare(sheet) {
  const kept = sheet.replace(/\/\*.*?\*\//gs, "");
  return kept.split("\n").map((line) => line.trim()).filter((line) => line !== "").join("\n");
}

function compressed(sheet) {
  return gzipSync(sheet, { level: 9 }).length;
}

/** What stands before each outermost brace. */
function outermost(sheet) {
  const found = [];
  let depth = 0;
  let from = 0;
  for (const { 0: brace, index } of sheet.matchAll(/[{}]/g)) {
    if (brace === "{" && depth === 0) found.push(sheet.slice(from, index).trim());
    depth += brace === "{" ? 1 : -1;
    from = index + 1;
  }
  return found;
}

/** The classes in the selectors of a sheet. */
function styledIn(sheet) {
  const selectors = [...sheet.matchAll(/([^{};]+)\{/g)].map((match) => match[1]).filter((selector) => !selector.trim().startsWith("@"));
  return new Set(selectors.flatMap((selector) => [...selector.matchAll(/\.([a-z][\w-]*)/gi)].map((match) => match[1])));
}

/** A template without its comments and macros, and those by their names. */
function templateOf(file) {
  const text = readFileSync(file, "utf8").replace(/\{#.*?#\}/gs, "");
  const macros = new Map();
  const body = text.replace(/\{%-?\s*macro\s+(\w+).*?%\}(.*?)\{%-?\s*endmacro.*?%\}/gs, (_, name, inner) => {
    macros.set(name, inner);
    return "";
  });
  const imports = new Map([...body.matchAll(/\{%-?\s*import\s+"([^"]+)"\s+as\s+(\w+)/g)].map((match) => [match[2], match[1]]));
  return { body, macros, imports, parent: body.match(/\{%-?\s*extends\s+"([^"]+)"/)?.[1] };
}

/** A page as a browser may get it: its blocks put into what it extends, with all that it includes and calls. */
function pageOf(name) {
  const chain = [];
  for (let at = name; at; at = templates.get(at).parent) chain.push(at);
  const blocks = new Map();
  for (const at of chain) for (const [block, inner] of blocksIn(templates.get(at).body)) if (!blocks.has(block)) blocks.set(block, inner);
  const scope = new Map(chain.flatMap((at) => [...templates.get(at).imports]));
  const seen = new Set(chain);
  const text = whole(filled(templates.get(chain.at(-1)).body, blocks), chain, scope, seen, new Set());
  const sheets = [...text.matchAll(/asset\("css\/rooms\/([^"]+)\.css"\)/g)].map((match) => match[1]);
  return { name, text, sheets, seen };
}

function blocksIn(text) {
  return piecesOf(text).flatMap(({ block, inner }) => (block ? [[block, inner], ...blocksIn(inner)] : []));
}

function filled(text, blocks) {
  return piecesOf(text).map(({ block, inner }) => (block ? filled(blocks.get(block), blocks) : inner)).join("");
}

/** The outermost blocks of a text, and what stands between them. */
function piecesOf(text) {
  const pieces = [];
  let from = 0;
  const open = [];
  for (const tag of text.matchAll(/\{%-?\s*(?:block\s+(\w+)|endblock).*?%\}/g)) {
    const [start, end] = [tag.index, tag.index + tag[0].length];
    if (tag[1]) {
      if (open.length === 0) pieces.push({ inner: text.slice(from, start) });
      open.push({ name: tag[1], end });
    } else {
      const { name, end: begun } = open.pop();
      if (open.length === 0) pieces.push({ block: name, inner: text.slice(begun, start) });
    }
    from = end;
  }
  return [...pieces, { inner: text.slice(from) }];
}

/** A text with the texts of what it includes, calls and draws. */
function whole(text, homes, scope, seen, called) {
  const further = [];
  const add = (id, file, inner, from, names) => {
    seen.add(file);
    if (called.has(id)) return;
    called.add(id);
    further.push(whole(inner, from, names, seen, called));
  };
  for (const [, file] of text.matchAll(/\{%-?\s*include\s+"([^"]+)"/g)) {
    const { body, imports } = templates.get(file);
    add(file, file, body, [...homes, file], new Map([...scope, ...imports]));
  }
  for (const [, drawn, file] of DRAWN.map(([sign, file]) => [sign, sign.test(text), file])) {
    if (drawn) add(file, file, templates.get(file).body, [file], templates.get(file).imports);
  }
  for (const [tag, from, macro] of text.matchAll(/\{%-?\s*call\s+(?:(\w+)::)?(\w+)/g)) {
    const file = from ? scope.get(from) : homes.find((home) => templates.get(home).macros.has(macro));
    const { macros, imports } = templates.get(file) ?? assert.fail(`nobody says what ${tag} is in ${homes}`);
    add(`${file} ${macro}`, file, macros.get(macro) ?? assert.fail(`${file} has no macro ${macro}`), from ? [file] : homes, from ? imports : scope);
  }
  return [text, ...further].join("\n");
}

function scriptsOf(text) {
  return [...text.matchAll(/asset\("js\/([\w-]+\.js)"\)/g)].map((match) => match[1]);
}

/** The classes that a script gives, and those it imports. */
function classesOfScript(name) {
  const script = readFileSync(path.join(root, "web/src", name), "utf8");
  const given = [...script.matchAll(/classList\.(?:add|toggle)\("([^"]+)"|className = "([^"]+)"/g)].flatMap((match) => (match[1] ?? match[2]).split(" "));
  const imported = [...script.matchAll(/from "\.\/([\w-]+\.js)"/g)].map((match) => match[1]);
  return [...given, ...imported.flatMap(classesOfScript)];
}

/** The classes that stand there literally; a part that an expression makes is left out, and the word around it too. */
function classesOf(template) {
  return [...template.matchAll(/\sclass="((?:\{[{%].*?[%}]\}|[^"])*)"/g)].flatMap((match) =>
    match[1]
      .replace(/\{%.*?%\}/g, " ")
      .replace(/[\w-]*\{\{.*?\}\}[\w-]*/g, " ")
      .split(/\s+/)
      .filter((name) => name !== ""),
  );
}
