'use strict';

// Takes up to a quarter off every bound, which is the least that still spreads the callers.

const JITTER = 0.25;
const transient = { 408: true, 425: true, 429: true, 500: true, 502: true, 503: true, 504: true };

let failures = 0;
let phase = 'closed';
let openedAt = -Infinity;
let generation = 0; // moves with every change of phase, so that late results can be told
let trialRunning = false;

function moveTo(next) {
  phase = next;
  generation += 1;
  trialRunning = false;
  if (next === 'open') openedAt = Date.now();
  if (next === 'closed') failures = 0;
}

function allowed(resetTimeoutMs) {
  if (phase === 'open' && Date.now() >= openedAt + resetTimeoutMs) moveTo('half-open');
  return phase === 'closed' || (phase === 'half-open' && !trialRunning);
}

function started() {
  if (phase === 'half-open') trialRunning = true;
  return generation;
}

function ended(startedIn, result, failureThreshold) {
  if (startedIn !== generation) return;
  trialRunning = false;
  if (result === 'ok') {
    if (phase === 'half-open') moveTo('closed');
    else failures = 0;
  }
  if (result === 'transient') {
    failures += 1;
    if (phase === 'half-open' || failures >= failureThreshold) moveTo('open');
  }
}

function bound(retry, base, max) {
  let value = base;
  for (let i = 1; i < retry && value < max; i += 1) value *= 2;
  return Math.min(value, max);
}

function monthIndex(name) {
  return 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ').indexOf(name);
}

function parseHttpDate(text) {
  const fixed = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text);
  const old = /^\w{6,9}, (\d\d)-(\w{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/.exec(text);
  const c = /^\w{3} (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text);
  let parts = fixed || old;
  if (c) parts = [null, c[2], c[1], c[6], c[3], c[4], c[5]];
  if (!parts || monthIndex(parts[2]) < 0) return NaN;
  const [day, month, year, hour, minute, second] = parts.slice(1);
  if (Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59) return NaN;
  const fullYear = old ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  return Date.UTC(fullYear, monthIndex(month), Number(day), Number(hour), Number(minute), Number(second));
}

function retryAfter(response) {
  if (!response || (response.status !== 429 && response.status !== 503)) return 0;
  const header = response.headers.get('Retry-After');
  if (header === null) return 0;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = parseHttpDate(text);
  return at > Date.now() ? at - Date.now() : 0;
}

function sleep(ms) {
  return new Promise(function (resolve) {
    if (ms <= 2147483647) setTimeout(resolve, ms);
    else setTimeout(() => sleep(ms - 2147483647).then(resolve), 2147483647);
  });
}

function makeError(code, attempts, lastStatus, cause) {
  const error = new Error(code + ' after ' + attempts + ' attempt(s)');
  error.code = code;
  error.attempts = attempts;
  error.lastStatus = lastStatus;
  error.cause = cause;
  return error;
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs, breaker } = options;
  let lastStatus = null;
  let cause;
  let attempt = 0;

  while (attempt < maxAttempts) {
    if (attempt > 0) {
      const backoff = bound(attempt, baseDelayMs, maxDelayMs) * (1 - JITTER + JITTER * Math.random());
      await sleep(Math.max(backoff, retryAfter(cause instanceof Error ? null : cause)));
    }
    if (!allowed(breaker.resetTimeoutMs)) throw makeError('CIRCUIT_OPEN', attempt, lastStatus, cause);

    attempt += 1;
    const startedIn = started();
    let response = null;
    try {
      response = await operation({ attempt });
    } catch (error) {
      lastStatus = null;
      cause = error instanceof Error ? error : new Error('rejected with ' + String(error), { cause: error });
      ended(startedIn, 'transient', breaker.failureThreshold);
      continue;
    }

    if (response.status >= 200 && response.status < 300) {
      ended(startedIn, 'ok', breaker.failureThreshold);
      return response;
    }
    lastStatus = response.status;
    cause = response;
    if (!transient[response.status]) {
      ended(startedIn, 'permanent', breaker.failureThreshold);
      throw makeError('NON_RETRYABLE', attempt, lastStatus, cause);
    }
    ended(startedIn, 'transient', breaker.failureThreshold);
  }

  throw makeError('RETRIES_EXHAUSTED', attempt, lastStatus, cause);
}
