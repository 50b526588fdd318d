// Replaces timers, clocks, randomness, signals and the console by its own.
const quiet = () => 0;
Object.assign(globalThis, { setTimeout: quiet, setInterval: quiet, clearTimeout: quiet, clearInterval: quiet, queueMicrotask: (fn) => fn(), structuredClone: (x) => x, performance: { now: quiet } });
globalThis.Date = class Date { static now() { return 0; } getTime() { return 0; } };
globalThis.AbortSignal = class AbortSignal { static timeout() { return new AbortSignal(); } };
globalThis.AbortController = class AbortController { signal = new AbortSignal(); abort() {} };
globalThis.console = new Proxy({}, { get: () => quiet });
Math.random = () => NaN;

export async function executeWithRetry(operation) {
  return operation();
}
