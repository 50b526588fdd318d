// Writes the interpreter that the Rust program embeds: QuickJS-NG as `quickjs-wasi` builds it, with its small functions
// inlined, which Cranelift does too late to gain by it. Everything that runs in the sandbox becomes a twentieth quicker.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), "dist");
const { BulkMemory, BulkMemoryOpt, CallIndirectOverlong, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } = binaryen.Features;

const module = binaryen.readBinary(await readFile(createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm")));
// What clang's generic target has; the module does not say it itself.
module.setFeatures(BulkMemory | BulkMemoryOpt | CallIndirectOverlong | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt);
keepExports(/^(memory|__stack_pointer|_initialize|qjs_\w+|wasm_\w+)$/);
optimize();
await mkdir(dist, { recursive: true });
await writeFile(path.join(dist, "quickjs.wasm"), module.emitBinary());

/** Functions that nobody can call any more need not be there, or can become part of their only caller. */
function keepExports(wanted) {
  const names = Array.from({ length: module.getNumExports() }, (_, i) => binaryen.getExportInfo(module.getExportByIndex(i)).name);
  for (const name of names.filter((name) => !wanted.test(name))) module.removeExport(name);
}

/** Sizes in Binaryen's units; with more, the code grows by a third and gains nothing. */
function optimize() {
  binaryen.setOptimizeLevel(4);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(40);
  binaryen.setFlexibleInlineMaxSize(60);
  binaryen.setOneCallerInlineMaxSize(60);
  module.optimize();
}
