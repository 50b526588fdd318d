// One scenario in a fresh process, with the fake timers that test suites use.
import { createRequire } from "node:module";
import { check, createWorld, EPOCH, OPTIONS, PROGRAM } from "./world.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const clock = require("@sinonjs/fake-timers").install({ now: EPOCH, toFake: ["setTimeout", "clearTimeout", "Date"] });
const world = createWorld(Number(process.argv[2]), () => Date.now() - EPOCH);
Math.random = world.random;

const { executeWithRetry } = await import(PROGRAM);
const call = executeWithRetry(world.operation, OPTIONS);
await clock.runAllAsync();
check(world.attempts, await call);
