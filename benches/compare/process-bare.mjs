// One scenario in a fresh process, with the least that it takes: timers, clock and randomness replaced by hand.
import { createWorld, drive, OPTIONS, PROGRAM } from "./world.mjs";

const world = createWorld(Number(process.argv[2]));
globalThis.setTimeout = world.setTimeout;
globalThis.clearTimeout = world.clearTimeout;
Date.now = world.now;
Math.random = world.random;

const { executeWithRetry } = await import(PROGRAM);
await drive(world, executeWithRetry(world.operation, OPTIONS));
