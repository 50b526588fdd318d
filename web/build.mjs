// Builds what the Rust program embeds: the fonts, the browser's scripts, and the retry libraries that the tests submit;
// the engine is built by `engine.mjs`. Everything written here is ignored by git.
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = path.dirname(fileURLToPath(import.meta.url));
const assets = path.join(web, "..", "static");

await copyFonts();
await bundleScripts();
await bundleLibraries();

/** Copies the files that fonts.css asks for, and no others. */
async function copyFonts() {
  const css = await readFile(path.join(assets, "css", "fonts.css"), "utf8");
  const names = [...css.matchAll(/url\("\.\.\/fonts\/([\w-]+\.woff2)"\)/g)].map((match) => match[1]);
  const folder = path.join(assets, "fonts");
  await emptyFolder(folder);
  await Promise.all(names.map((name) => copyFile(fontFile(name), path.join(folder, name))));
}

function fontFile(name) {
  const family = name.match(/^(inter|jetbrains-mono|source-serif-4)-/)?.[1];
  if (!family) throw new Error(`fonts.css asks for ${name}, which belongs to no font of package.json`);
  return path.join(web, "node_modules", "@fontsource-variable", family, "files", name);
}

async function bundleScripts() {
  const folder = path.join(assets, "js");
  await emptyFolder(folder);
  await build({
    entryPoints: ["app.js", "apply.js", "board.js", "coding-test.js", "mention.js", "player.js", "practice.js", "recorder.js", "screening.js"].map((name) => path.join(web, "src", name)),
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

/** Each library becomes one file without imports, as a candidate would submit it. */
async function bundleLibraries() {
  const folder = path.join(web, "libraries");
  const names = await readdir(folder).catch(() => []);
  const built = path.join(web, "dist", "libraries");
  await emptyFolder(built);
  await build({
    entryPoints: names.filter((name) => name.endsWith(".js")).map((name) => path.join(folder, name)),
    outdir: built,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
}

async function emptyFolder(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
