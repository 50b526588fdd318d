// Gives every attempt a deadline of its own, by a fresh AbortController whose timer is always cleared.

const ATTEMPT_TIMEOUT_MS = 30_000;
const MAX_TIMER_MS = 2_147_483_647;
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

const Breaker = {
  CLOSED: 'closed',
  OPEN: 'open',
  HALF_OPEN: 'half-open',
};

const shared = { state: Breaker.CLOSED, failures: 0, openUntil: 0, trialToken: null, nextToken: 1 };

function checkIn() {
  if (shared.state === Breaker.OPEN && Date.now() >= shared.openUntil) {
    shared.state = Breaker.HALF_OPEN;
    shared.trialToken = null;
  }
  const refused =
    shared.state === Breaker.OPEN || (shared.state === Breaker.HALF_OPEN && shared.trialToken !== null);
  if (refused) return null;
  const token = shared.nextToken++;
  if (shared.state === Breaker.HALF_OPEN) shared.trialToken = token;
  return token;
}

function checkOut(token, outcome, config) {
  const isTrial = token === shared.trialToken;
  if (shared.state !== Breaker.CLOSED && !isTrial) return;

  if (outcome === 'success') {
    shared.state = Breaker.CLOSED;
    shared.failures = 0;
  } else if (outcome === 'transient') {
    shared.failures += 1;
    if (isTrial || shared.failures >= config.failureThreshold) {
      shared.state = Breaker.OPEN;
      shared.openUntil = Date.now() + config.resetTimeoutMs;
    }
  }
  if (isTrial) shared.trialToken = null;
}

async function withDeadline(operation, attempt) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ATTEMPT_TIMEOUT_MS);
  try {
    return await operation({ attempt, signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}

function backoff(retryNumber, { baseDelayMs, maxDelayMs }) {
  const exponential = baseDelayMs * 2 ** Math.min(retryNumber - 1, 1000);
  return Math.random() * Math.min(maxDelayMs, exponential);
}

function requestedDelay(headers) {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  if (!isHttpDate(value)) return 0;
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  const delay = at - Date.now();
  return Number.isFinite(delay) && delay > 0 ? delay : 0;
}

function isHttpDate(value) {
  const day = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
  const month = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
  const time = '\\d\\d:\\d\\d:\\d\\d';
  return new RegExp(
    `^(?:(?:${day}), [0-3]\\d (?:${month}) \\d{4} ${time} GMT` +
      `|(?:${day})[a-z]{3,6}, [0-3]\\d-(?:${month})-\\d\\d ${time} GMT` +
      `|(?:${day}) (?:${month}) [ 0-3]\\d ${time} \\d{4})$`,
  ).test(value);
}

async function sleep(ms) {
  let remaining = ms;
  while (remaining > MAX_TIMER_MS) {
    await new Promise((resolve) => setTimeout(resolve, MAX_TIMER_MS));
    remaining -= MAX_TIMER_MS;
  }
  await new Promise((resolve) => setTimeout(resolve, remaining));
}

class HttpRetryError extends Error {
  constructor(code, attempts, lastStatus, cause) {
    super(`${code}: ${attempts} attempts, last status ${lastStatus ?? 'none'}`, { cause });
    this.name = 'HttpRetryError';
    this.code = code;
    this.attempts = attempts;
    this.lastStatus = lastStatus;
  }
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, breaker: config } = options;
  let attempts = 0;
  let lastStatus = null;
  let cause;

  while (attempts < maxAttempts) {
    const token = checkIn();
    if (token === null) throw new HttpRetryError('CIRCUIT_OPEN', attempts, lastStatus, cause);

    let minimum = 0;
    attempts += 1;
    try {
      const response = await withDeadline(operation, attempts);
      if (response.status >= 200 && response.status < 300) {
        checkOut(token, 'success', config);
        return response;
      }
      lastStatus = response.status;
      cause = response;
      if (lastStatus === 429 || lastStatus === 503) minimum = requestedDelay(response.headers);
    } catch (error) {
      lastStatus = null;
      cause = error;
    }

    if (lastStatus !== null && !TRANSIENT.has(lastStatus)) {
      checkOut(token, 'permanent', config);
      throw new HttpRetryError('NON_RETRYABLE', attempts, lastStatus, cause);
    }
    checkOut(token, 'transient', config);

    if (attempts < maxAttempts) {
      if (shared.state === Breaker.OPEN) {
        throw new HttpRetryError('CIRCUIT_OPEN', attempts, lastStatus, cause);
      }
      await sleep(Math.max(minimum, backoff(attempts, options)));
    }
  }
  throw new HttpRetryError('RETRIES_EXHAUSTED', attempts, lastStatus, cause);
}
