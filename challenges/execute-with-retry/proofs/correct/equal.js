// Equal jitter: half of the bound is certain, the other half is drawn.

class CircuitBreaker {
  #state = 'closed';
  #failures = 0;
  #openedAt = 0;
  #resetTimeoutMs = 0;
  #trial = null;

  get isOpen() {
    return this.#state === 'open';
  }

  admit() {
    if (this.#state === 'open' && performance.now() - this.#openedAt >= this.#resetTimeoutMs) {
      this.#state = 'half-open';
    }
    if (this.#state === 'open' || this.#trial !== null) return undefined;
    const ticket = Symbol('attempt');
    if (this.#state === 'half-open') this.#trial = ticket;
    return ticket;
  }

  succeed(ticket) {
    if (this.#isStale(ticket)) return;
    this.#state = 'closed';
    this.#failures = 0;
    this.#trial = null;
  }

  fail(ticket, { failureThreshold, resetTimeoutMs }) {
    if (this.#isStale(ticket)) return;
    this.#failures++;
    if (ticket === this.#trial || this.#failures >= failureThreshold) this.#open(resetTimeoutMs);
  }

  release(ticket) {
    if (ticket === this.#trial) this.#trial = null;
  }

  #isStale(ticket) {
    return this.#state !== 'closed' && ticket !== this.#trial;
  }

  #open(resetTimeoutMs) {
    this.#state = 'open';
    this.#openedAt = performance.now();
    this.#resetTimeoutMs = resetTimeoutMs;
    this.#trial = null;
  }
}

class ExecutionError extends Error {
  constructor(code, message, attempts, lastStatus, cause) {
    super(message);
    this.name = this.constructor.name;
    this.code = code;
    this.attempts = attempts;
    this.lastStatus = lastStatus;
    if (attempts > 0) this.cause = cause;
  }
}

const sharedBreaker = new CircuitBreaker();

const isSuccess = (status) => status >= 200 && status <= 299;
const isTransient = (status) => [408, 425, 429, 500, 502, 503, 504].includes(status);
const listensToRetryAfter = (status) => status === 429 || status === 503;

function readRetryAfter(response) {
  const raw = response?.headers.get('Retry-After')?.trim() ?? '';
  if (/^[0-9]+$/.test(raw)) return Number(raw) * 1000;
  const looksLikeDate = /^[A-Z][a-z]{2,8},? [A-Za-z0-9 -]+ \d\d:\d\d:\d\d (GMT|\d{4})$/.test(raw);
  if (!looksLikeDate) return 0;
  const time = Date.parse(raw.endsWith('GMT') ? raw : raw + ' GMT');
  return time > Date.now() ? time - Date.now() : 0;
}

function equalJitter(retry, { baseDelayMs, maxDelayMs }) {
  const bound = Math.min(maxDelayMs, baseDelayMs * Math.pow(2, Math.min(retry - 1, 100)));
  return bound / 2 + Math.random() * (bound / 2);
}

const timer = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function delay(ms) {
  const longest = 0x7fffffff;
  for (let left = ms; left > 0; left -= longest) await timer(Math.min(left, longest));
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts } = options;
  let lastStatus = null;
  let failure;

  for (let attempt = 1; ; attempt++) {
    const ticket = sharedBreaker.admit();
    if (!ticket) {
      throw new ExecutionError('CIRCUIT_OPEN', 'The circuit is open', attempt - 1, lastStatus, failure);
    }

    let response;
    try {
      response = await operation({ attempt });
      lastStatus = response.status;
      failure = response;
    } catch (rejection) {
      lastStatus = null;
      failure = rejection;
    }

    if (response && isSuccess(response.status)) {
      sharedBreaker.succeed(ticket);
      return response;
    }
    if (response && !isTransient(response.status)) {
      sharedBreaker.release(ticket);
      throw new ExecutionError('NON_RETRYABLE', `Status ${lastStatus} is permanent`, attempt, lastStatus, failure);
    }

    sharedBreaker.fail(ticket, options.breaker);
    if (attempt >= maxAttempts) {
      throw new ExecutionError('RETRIES_EXHAUSTED', `Gave up after attempt ${attempt}`, attempt, lastStatus, failure);
    }
    if (sharedBreaker.isOpen) {
      throw new ExecutionError('CIRCUIT_OPEN', 'The circuit has opened', attempt, lastStatus, failure);
    }

    const asked = response && listensToRetryAfter(response.status) ? readRetryAfter(response) : 0;
    await delay(Math.max(asked, equalJitter(attempt, options)));
  }
}
