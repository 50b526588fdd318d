// Multiplies two draws: short waits are common, and a few reach the whole bound.

const Outcome = Object.freeze({ SUCCESS: 1, TRANSIENT: 2, PERMANENT: 3 });

function outcomeOf(status) {
  if (status >= 200 && status < 300) return Outcome.SUCCESS;
  switch (status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return Outcome.TRANSIENT;
    default:
      return Outcome.PERMANENT;
  }
}

const circuit = {
  openedAt: null, // a time while open or half-open, null while closed
  resetTimeoutMs: 0,
  consecutive: 0,
  probe: null,

  get halfOpen() {
    return this.openedAt !== null && performance.now() - this.openedAt >= this.resetTimeoutMs;
  },

  tryStart() {
    const run = { stale: false };
    if (this.openedAt === null) {
      this.running.add(run);
      return run;
    }
    if (!this.halfOpen || this.probe) return null;
    this.probe = run;
    return run;
  },

  // Every attempt that is under way at the moment of opening turns stale and is never heard again.
  running: new Set(),

  trip(resetTimeoutMs) {
    for (const run of this.running) run.stale = true;
    this.running.clear();
    this.probe = null;
    this.openedAt = performance.now();
    this.resetTimeoutMs = resetTimeoutMs;
  },

  end(run, outcome, { failureThreshold, resetTimeoutMs }) {
    this.running.delete(run);
    if (run.stale) return;
    const wasProbe = this.probe === run;
    this.probe = null;
    if (outcome === Outcome.SUCCESS) {
      this.openedAt = null;
      this.consecutive = 0;
    } else if (outcome === Outcome.TRANSIENT) {
      this.consecutive += 1;
      if (wasProbe || this.consecutive >= failureThreshold) this.trip(resetTimeoutMs);
    }
  },
};

class RequestError extends Error {
  static of(code, history) {
    const error = new RequestError(`${code} (${history.attempts} attempts)`, { cause: history.cause });
    error.code = code;
    error.attempts = history.attempts;
    error.lastStatus = history.lastStatus;
    return error;
  }
}

function nextWait(retry, { baseDelayMs, maxDelayMs }) {
  const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 512));
  return ceiling * Math.random() * Math.random();
}

function askedFor(header, now) {
  if (header == null) return 0;
  const value = header.trim();
  if (value !== '' && [...value].every((c) => c >= '0' && c <= '9')) return Number(value) * 1000;
  const imf = /^[A-Z]\w\w, [0-3]\d [A-Z]\w\w \d{4} [0-2]\d:\d\d:\d\d GMT$/;
  const rfc850 = /^[A-Z]\w{5,8}, [0-3]\d-[A-Z]\w\w-\d\d [0-2]\d:\d\d:\d\d GMT$/;
  const asctime = /^[A-Z]\w\w [A-Z]\w\w [ 1-3]\d [0-2]\d:\d\d:\d\d \d{4}$/;
  if (imf.test(value) || rfc850.test(value)) return Math.max(0, (Date.parse(value) || 0) - now);
  if (asctime.test(value)) return Math.max(0, (Date.parse(value + ' GMT') || 0) - now);
  return 0;
}

const MAX_TIMER = 2147483647;

function sleep(ms) {
  if (ms > MAX_TIMER) return sleep(MAX_TIMER).then(() => sleep(ms - MAX_TIMER));
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export async function executeWithRetry(operation, options) {
  const history = { attempts: 0, lastStatus: null, cause: undefined };

  while (true) {
    const run = circuit.tryStart();
    if (!run) throw RequestError.of('CIRCUIT_OPEN', history);

    const attempt = ++history.attempts;
    let outcome = Outcome.TRANSIENT;
    let response = null;
    try {
      response = await operation({ attempt });
      outcome = outcomeOf(response.status);
      history.lastStatus = response.status;
      history.cause = response;
    } catch (e) {
      history.lastStatus = null;
      history.cause = e;
    }
    circuit.end(run, outcome, options.breaker);

    if (outcome === Outcome.SUCCESS) return response;
    if (outcome === Outcome.PERMANENT) throw RequestError.of('NON_RETRYABLE', history);
    if (attempt >= options.maxAttempts) throw RequestError.of('RETRIES_EXHAUSTED', history);

    const honours = response !== null && (response.status === 429 || response.status === 503);
    const asked = honours ? askedFor(response.headers.get('retry-after'), Date.now()) : 0;
    await sleep(Math.max(asked, nextWait(attempt, options)));
  }
}
