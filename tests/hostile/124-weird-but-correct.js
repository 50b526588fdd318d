// A correct program in odd clothes: labels, commas, getters, tagged templates, generators, computed names.
const $ = (s, ...v) => s.raw.reduce((a, b, i) => a + b + (v[i] ?? ''), ''), [_, __] = [0, 1];
var async = { get of() { return 2 ** this.n; }, n: _ }, await_ = async;
const state = { ['fail' + 'ures']: +[], openedAt: void 0, trial: void 0 };
function* kinds() { yield* [408, 425, 429]; yield* [500, 502, 503, 504]; }
const transient = new Set(kinds());
const later = class { static #wait = (ms) => new Promise((r) => { setTimeout(r, ms); }); static for = (ms) => later.#wait(ms); };
const asked = (r) => { switch (r?.status) { case 429: case 503: break; default: return _; }
  const v = r.headers.get($`Retry-${'After'}`) ?? $``;
  return /^\d+$/.test(v) ? v * 1e3 : /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(v) ? Math.max(_, Date.parse(v) - Date.now()) || _ : _; };
export const executeWithRetry = async (operation, { maxAttempts, baseDelayMs: base, maxDelayMs: cap, breaker: { failureThreshold, resetTimeoutMs } }) => {
  let attempts = _, lastStatus = null, cause; const me = {};
  const failed = (code) => Object.assign(new Error(code), { code, attempts, lastStatus, cause });
  outer: for (;;) { inner: do {
    if (state.openedAt !== void _) { if (state.trial || Date.now() - state.openedAt < resetTimeoutMs) break outer; state.trial = me; }
    let r = (attempts++, null);
    try { (r = await operation({ attempt: attempts }), cause = r); } catch (e) { cause = e; }
    lastStatus = r?.status ?? null;
    const mine = state.trial === me; if (mine) delete state.trial;
    const live = mine || state.openedAt === void _;
    if (r?.ok) { if (live) Object.assign(state, { failures: _, openedAt: void _ }); return r; }
    if (r !== null && !transient.has(r.status)) throw failed($`NON_RETRYABLE`);
    if (live && (++state.failures >= failureThreshold || mine)) state.openedAt = Date.now();
    if (attempts >= maxAttempts) throw failed('RETRIES_EXHAUSTED');
    await_.n = attempts - __;
    await later.for(Math.max(asked(r), Math.random() * Math.min(cap, base * async.of)));
    continue outer;
  } while (inner_()); }
  throw failed('CIRCUIT_OPEN');
};
function inner_() { return !!_; }
