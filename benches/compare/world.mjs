// A simulated world for the peers, the smallest that runs the scenario: a virtual clock with timers, seeded randomness,
// and an API that answers with a list of statuses.

/** The reference solution of the coding test, which `halfopen bench` runs too. */
export const PROGRAM = new URL("../../challenges/execute-with-retry/proofs/correct/reference.js", import.meta.url);
export const OPTIONS = {
  maxAttempts: 5,
  baseDelayMs: 100,
  maxDelayMs: 2_000,
  breaker: { failureThreshold: 5, resetTimeoutMs: 3_000 },
};
const STATUSES = [503, 503, 200];

export const EPOCH = Date.UTC(2026, 0, 1);
const nextTurn = globalThis.setImmediate;

/** `clock` tells the milliseconds since EPOCH where another clock than the world's own is in charge. */
export function createWorld(seed, clock = null) {
  let now = 0;
  let lastTimer = 0;
  let state = seed >>> 0;
  const timers = new Map();
  const attempts = [];

  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const operation = async () => {
    const status = STATUSES[attempts.length];
    attempts.push({ at: clock === null ? now : clock(), status });
    const headers = { get: () => null };
    return { status, ok: status < 300, statusText: "", headers, text: async () => "", json: async () => ({}) };
  };

  return {
    attempts,
    operation,
    random,
    now: () => EPOCH + now,
    setTimeout: (callback, ms) => {
      lastTimer += 1;
      timers.set(lastTimer, { at: now + Math.max(0, ms), callback });
      return lastTimer;
    },
    clearTimeout: (id) => timers.delete(id),
    /** Jumps to the next timer and fires it; false when there is none. */
    jump: () => {
      let next = null;
      for (const [id, timer] of timers) if (next === null || timer.at < timers.get(next).at) next = id;
      if (next === null) return false;
      const { at, callback } = timers.get(next);
      timers.delete(next);
      now = at;
      callback();
      return true;
    },
  };
}

/** Runs the clock until the call has settled, then says whether the program did what the scenario asks for. */
export async function drive(world, call) {
  let response = null;
  let failure = null;
  call.then(
    (value) => { response = value; },
    (error) => { failure = error; },
  );
  for (;;) {
    await new Promise((resolve) => nextTurn(resolve));
    if (failure !== null) throw failure;
    if (response !== null) return check(world.attempts, response);
    if (!world.jump()) throw new Error("the call never settles");
  }
}

export function check(attempts, response) {
  const waits = attempts.slice(1).map(({ at }, index) => at - attempts[index].at);
  const right = response.status === 200 && waits.length === 2 && waits[0] <= 100 && waits[1] <= 200;
  if (!right) throw new Error(`not the scenario: ${JSON.stringify({ attempts, status: response.status })}`);
}
