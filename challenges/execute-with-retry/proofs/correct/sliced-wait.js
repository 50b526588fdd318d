// Waits in slices and looks at the breaker between them, so that a waiting call gives up early.

const SLICES = 8;
const LONGEST_SLICE_MS = 1_000_000_000;

const retryable = (status) => [408, 425, 429, 500, 502, 503, 504].some((s) => s === status);

class Breaker {
  #closed = true;
  #failures = 0;
  #readyAt = 0;
  #trial = undefined;

  /** True from the opening until the reset timeout is over. */
  get resting() {
    return !this.#closed && performance.now() < this.#readyAt;
  }

  begin() {
    const attempt = { startedClosed: this.#closed };
    if (this.#closed) return attempt;
    if (this.resting || this.#trial) return undefined;
    this.#trial = attempt;
    return attempt;
  }

  end(attempt, outcome, { failureThreshold, resetTimeoutMs }) {
    if (attempt === this.#trial) this.#endTrial(outcome, resetTimeoutMs);
    else if (this.#closed && attempt.startedClosed) this.#count(outcome, failureThreshold, resetTimeoutMs);
  }

  #endTrial(outcome, resetTimeoutMs) {
    this.#trial = undefined;
    if (outcome === 'success') this.#close();
    if (outcome === 'transient') this.#open(resetTimeoutMs);
  }

  #count(outcome, failureThreshold, resetTimeoutMs) {
    if (outcome === 'success') this.#failures = 0;
    if (outcome !== 'transient') return;
    this.#failures += 1;
    if (this.#failures >= failureThreshold) this.#open(resetTimeoutMs);
  }

  #open(resetTimeoutMs) {
    this.#closed = false;
    this.#readyAt = performance.now() + resetTimeoutMs;
  }

  #close() {
    this.#closed = true;
    this.#failures = 0;
  }
}

const breaker = new Breaker();

// Returns false where the breaker was found open before the time was over.
async function waitWhileClosed(ms) {
  const end = performance.now() + ms;
  const slice = Math.min(Math.max(1, ms / SLICES), LONGEST_SLICE_MS);
  for (let left = ms; left > 0.5; left = end - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, Math.min(slice, left))));
    if (breaker.resting) return false;
  }
  return true;
}

function backoff(retry, base, cap) {
  const bound = Math.min(cap, base * 2 ** Math.min(retry - 1, 63));
  return (0.3 + 0.7 * Math.random()) * bound;
}

function retryAfter(response) {
  const value = response.headers.get('retry-after');
  if (value === null || (response.status !== 429 && response.status !== 503)) return 0;
  const trimmed = value.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 1000;
  const fixdate = /^[A-Z][a-z]{2}, [0-3][0-9] [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;
  const rfc850 = /^[A-Z][a-z]{5,8}, [0-3][0-9]-[A-Z][a-z]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/;
  const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}$/;
  const zone = asctime.test(trimmed) ? ' GMT' : '';
  if (!zone && !fixdate.test(trimmed) && !rfc850.test(trimmed)) return 0;
  const due = Date.parse(trimmed + zone);
  return Number.isNaN(due) ? 0 : Math.max(0, due - Date.now());
}

function toError(code, attempts, lastStatus, cause) {
  const error = new Error(`${code}, attempts: ${attempts}`, { cause });
  return Object.assign(error, { code, attempts, lastStatus });
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs } = options;
  let attempts = 0;
  let lastStatus = null;
  let cause;
  const stop = (code) => toError(code, attempts, lastStatus, cause);

  for (;;) {
    const attempt = breaker.begin();
    if (!attempt) throw stop('CIRCUIT_OPEN');

    attempts += 1;
    let response;
    try {
      response = await operation({ attempt: attempts });
    } catch (reason) {
      lastStatus = null;
      cause = reason;
    }

    if (response) {
      if (response.ok) {
        breaker.end(attempt, 'success', options.breaker);
        return response;
      }
      lastStatus = response.status;
      cause = response;
      if (!retryable(response.status)) {
        breaker.end(attempt, 'permanent', options.breaker);
        throw stop('NON_RETRYABLE');
      }
    }

    breaker.end(attempt, 'transient', options.breaker);
    if (attempts >= maxAttempts) throw stop('RETRIES_EXHAUSTED');
    const ms = Math.max(response ? retryAfter(response) : 0, backoff(attempts, baseDelayMs, maxDelayMs));
    if (breaker.resting || !(await waitWhileClosed(ms))) throw stop('CIRCUIT_OPEN');
  }
}
