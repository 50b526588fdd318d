// One scenario in a fresh process: the timers, the clock and the randomness are replaced, then the program is loaded.
import { createWorld, drive, OPTIONS, PROGRAM } from "./world.mjs";

const world = createWorld(Number(process.argv[2]));
globalThis.setTimeout = world.setTimeout;
globalThis.clearTimeout = world.clearTimeout;
Date.now = world.now;
Math.random = world.random;

const { executeWithRetry } = await import(PROGRAM);
await drive(world, executeWithRetry(world.operation, OPTIONS));
