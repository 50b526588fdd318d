// The waits come from a generator, one for each call; the loop runs over what it yields.

const MAX_TIMER_MS = 2 ** 31 - 1;

function* exponentialBounds(first, cap) {
  let bound = Math.min(first, cap);
  for (;;) {
    yield bound;
    bound = Math.min(bound * 2, cap);
  }
}

function* fullJitterWaits(count, first, cap) {
  const bounds = exponentialBounds(first, cap);
  for (let i = 0; i < count; i++) yield Math.random() * bounds.next().value;
}

class Circuit {
  static #shared = new Circuit();
  static get shared() {
    return Circuit.#shared;
  }

  #phase = 'closed';
  #strikes = 0;
  #halfOpenAt = 0;
  #trial = null;

  // Runs one attempt and lets its verdict count; returns null where the circuit refuses.
  async through(attempt, limits) {
    if (this.#phase === 'open' && Date.now() >= this.#halfOpenAt) {
      this.#phase = 'half-open';
      this.#trial = null;
    }
    if (this.#phase === 'open' || (this.#phase === 'half-open' && this.#trial)) return null;

    const mark = {};
    if (this.#phase === 'half-open') this.#trial = mark;
    const result = await attempt();
    if (this.#phase === 'closed' || this.#trial === mark) this.#learn(result.verdict, limits);
    return result;
  }

  #learn(verdict, { failureThreshold, resetTimeoutMs }) {
    const onTrial = this.#phase === 'half-open';
    this.#trial = null;
    if (verdict === 'success') {
      this.#phase = 'closed';
      this.#strikes = 0;
    }
    if (verdict === 'transient') {
      this.#strikes += 1;
      if (onTrial || this.#strikes >= failureThreshold) {
        this.#phase = 'open';
        this.#halfOpenAt = Date.now() + resetTimeoutMs;
      }
    }
  }
}

const transient = new Set([408, 425, 429, 500, 502, 503, 504]);

async function perform(operation, attempt) {
  try {
    const response = await operation({ attempt });
    const { status } = response;
    if (status >= 200 && status < 300) return { verdict: 'success', response };
    return { verdict: transient.has(status) ? 'transient' : 'permanent', response, status, cause: response };
  } catch (cause) {
    return { verdict: 'transient', status: null, cause };
  }
}

function serverWait({ response }) {
  if (!response || (response.status !== 429 && response.status !== 503)) return 0;
  const value = (response.headers.get('retry-after') ?? '').trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = matchDate(value);
  if (date === null) return 0;
  const ms = Date.parse(date) - Date.now();
  return ms > 0 ? ms : 0;
}

function matchDate(value) {
  const preferred = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
  const obsolete = /^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
  const ansiC = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} ( \d|\d{2}) \d{2}:\d{2}:\d{2} \d{4}$/;
  if (preferred.test(value) || obsolete.test(value)) return value;
  return ansiC.test(value) ? `${value} GMT` : null;
}

async function sleep(ms) {
  for (let left = ms; left >= 0; left -= MAX_TIMER_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, MAX_TIMER_MS)));
  }
}

function problem(code, attempts, last) {
  const error = new Error(`executeWithRetry failed with ${code}`, { cause: last?.cause });
  error.code = code;
  error.attempts = attempts;
  error.lastStatus = last?.status ?? null;
  return error;
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs, breaker } = options;
  const waits = fullJitterWaits(maxAttempts - 1, baseDelayMs, maxDelayMs);
  let attempts = 0;
  let last;

  do {
    const result = await Circuit.shared.through(() => perform(operation, ++attempts), breaker);
    if (result === null) throw problem('CIRCUIT_OPEN', attempts, last);
    if (result.verdict === 'success') return result.response;
    last = result;
    if (last.verdict === 'permanent') throw problem('NON_RETRYABLE', attempts, last);

    const { done, value } = waits.next();
    if (done) throw problem('RETRIES_EXHAUSTED', attempts, last);
    await sleep(Math.max(value, serverWait(last)));
  } while (true);
}
