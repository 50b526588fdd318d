// Retries one HTTP request with full jitter, behind a circuit breaker that all calls share.

const TRANSIENT_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);
const RETRY_AFTER_STATUSES = new Set([429, 503]);
const LONGEST_TIMER_MS = 2 ** 31 - 1;

// The three forms of an HTTP date. Date.parse alone accepts far more than these.
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{5,8}, [0-3]\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}$/,
];

class RetryError extends Error {
  constructor(code, { attempts, lastStatus, cause }) {
    super(`${code} after ${attempts} attempts, last status ${lastStatus}`, { cause });
    this.name = 'RetryError';
    this.code = code;
    this.attempts = attempts;
    this.lastStatus = lastStatus;
  }
}

const breaker = {
  state: 'closed', // 'closed', 'open' or 'half-open'
  failures: 0, // consecutive transient failures
  openedAt: 0,
  trial: null, // the one attempt that is let through while half-open
};

// Returns a ticket for one attempt, or null where the breaker refuses it.
function enterBreaker(limits) {
  if (breaker.state === 'open' && Date.now() - breaker.openedAt >= limits.resetTimeoutMs) {
    breaker.state = 'half-open';
    breaker.trial = null;
  }
  if (breaker.state === 'open') return null;
  if (breaker.state === 'half-open' && breaker.trial !== null) return null;

  const ticket = {};
  if (breaker.state === 'half-open') breaker.trial = ticket;
  return ticket;
}

// While the breaker is open or half-open, only the trial may change it.
function mayChangeBreaker(ticket) {
  return breaker.state === 'closed' || breaker.trial === ticket;
}

function recordSuccess(ticket) {
  if (!mayChangeBreaker(ticket)) return;
  breaker.state = 'closed';
  breaker.failures = 0;
  breaker.trial = null;
}

function recordTransientFailure(ticket, limits) {
  if (!mayChangeBreaker(ticket)) return;
  breaker.failures += 1;
  if (breaker.state === 'half-open' || breaker.failures >= limits.failureThreshold) {
    breaker.state = 'open';
    breaker.openedAt = Date.now();
    breaker.trial = null;
  }
}

function recordPermanentFailure(ticket) {
  if (breaker.trial === ticket) breaker.trial = null;
}

// What the server asks for in Retry-After, or 0 where it asks for nothing that makes sense.
function retryAfterMs(response) {
  if (response === null || !RETRY_AFTER_STATUSES.has(response.status)) return 0;
  const value = response.headers.get('retry-after')?.trim();
  if (value === undefined) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  if (!HTTP_DATES.some((form) => form.test(value))) return 0;
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}

function backoffMs(retry, options) {
  const bound = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** Math.min(retry - 1, 60));
  return Math.random() * bound;
}

// A timer that is asked to wait longer than a 32-bit integer holds would fire at once.
async function sleep(ms) {
  let left = ms;
  while (left > LONGEST_TIMER_MS) {
    await new Promise((resolve) => setTimeout(resolve, LONGEST_TIMER_MS));
    left -= LONGEST_TIMER_MS;
  }
  await new Promise((resolve) => setTimeout(resolve, left));
}

export async function executeWithRetry(operation, options) {
  const limits = options.breaker;
  const call = { attempts: 0, lastStatus: null, cause: undefined };

  while (true) {
    const ticket = enterBreaker(limits);
    if (ticket === null) throw new RetryError('CIRCUIT_OPEN', call);

    call.attempts += 1;
    let response = null;
    try {
      response = await operation({ attempt: call.attempts });
    } catch (error) {
      call.cause = error;
      call.lastStatus = null;
    }

    if (response !== null) {
      const { status } = response;
      if (status >= 200 && status < 300) {
        recordSuccess(ticket);
        return response;
      }
      call.cause = response;
      call.lastStatus = status;
      if (!TRANSIENT_STATUSES.has(status)) {
        recordPermanentFailure(ticket);
        throw new RetryError('NON_RETRYABLE', call);
      }
    }

    recordTransientFailure(ticket, limits);
    if (call.attempts >= options.maxAttempts) throw new RetryError('RETRIES_EXHAUSTED', call);
    if (breaker.state === 'open') throw new RetryError('CIRCUIT_OPEN', call);

    await sleep(Math.max(retryAfterMs(response), backoffMs(call.attempts, options)));
  }
}
