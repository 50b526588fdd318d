// Decorrelated jitter: each wait is drawn between the base and three times the wait before it.
// The breaker is a closure; a call that is waiting when it opens notices at the end of its wait.

const RETRYABLE = [408, 425, 429, 500, 502, 503, 504];

function createBreaker() {
  let failures = 0;
  let openUntil = null; // null while closed
  let trial = null;

  function enter() {
    if (openUntil === null) return {};
    if (performance.now() < openUntil || trial) return null;
    trial = {};
    return trial;
  }

  function leave(pass, outcome, { failureThreshold, resetTimeoutMs }) {
    const stale = openUntil !== null && pass !== trial;
    if (stale) return;
    trial = null;
    if (outcome === 'success') {
      openUntil = null;
      failures = 0;
    } else if (outcome === 'transient') {
      failures += 1;
      if (openUntil !== null || failures >= failureThreshold) {
        openUntil = performance.now() + resetTimeoutMs;
      }
    }
  }

  return { enter, leave };
}

const breaker = createBreaker();

function* decorrelatedDelays(base, cap) {
  let previous = base;
  while (true) {
    previous = Math.min(cap, base + Math.random() * (previous * 3 - base));
    yield previous;
  }
}

function parseRetryAfter(header) {
  if (header === null) return 0;
  const text = header.trim();
  if (/^\d+$/.test(text)) return parseInt(text, 10) * 1000;
  const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
  const clock = '\\d{2}:\\d{2}:\\d{2}';
  const fixed = new RegExp(`^${weekday}, [0-3]\\d \\w{3} \\d{4} ${clock} GMT$`);
  const old = new RegExp(`^${weekday}[a-z]+, [0-3]\\d-\\w{3}-\\d{2} ${clock} GMT$`);
  const asctime = new RegExp(`^${weekday} \\w{3} [ 0-3]\\d ${clock} \\d{4}$`);
  let at = NaN;
  if (fixed.test(text) || old.test(text)) at = Date.parse(text);
  else if (asctime.test(text)) at = Date.parse(`${text} GMT`);
  return at > Date.now() ? at - Date.now() : 0;
}

function wait(ms) {
  const step = Math.min(ms, 2147483647);
  return new Promise((resolve) => {
    setTimeout(() => resolve(ms > step ? wait(ms - step) : undefined), step);
  });
}

function failWith(code, attempts, lastStatus, cause) {
  const error = new Error(`executeWithRetry: ${code}`);
  return Object.assign(error, { code, attempts, lastStatus, cause });
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs, breaker: settings } = options;
  const delays = decorrelatedDelays(baseDelayMs, maxDelayMs);
  let attempts = 0;
  let lastStatus = null;
  let lastFailure = null;

  do {
    const pass = breaker.enter();
    if (pass === null) throw failWith('CIRCUIT_OPEN', attempts, lastStatus, lastFailure);

    let retryAfter = 0;
    attempts += 1;
    try {
      const response = await operation({ attempt: attempts });
      if (response.ok) {
        breaker.leave(pass, 'success', settings);
        return response;
      }
      lastStatus = response.status;
      lastFailure = response;
    } catch (rejection) {
      lastStatus = null;
      lastFailure = rejection;
    }

    if (lastStatus !== null && !RETRYABLE.includes(lastStatus)) {
      breaker.leave(pass, 'permanent', settings);
      throw failWith('NON_RETRYABLE', attempts, lastStatus, lastFailure);
    }

    breaker.leave(pass, 'transient', settings);
    if (attempts < maxAttempts) {
      if (lastStatus === 429 || lastStatus === 503) {
        retryAfter = parseRetryAfter(lastFailure.headers.get('retry-after'));
      }
      await wait(Math.max(delays.next().value, retryAfter));
    }
  } while (attempts < maxAttempts);

  throw failWith('RETRIES_EXHAUSTED', attempts, lastStatus, lastFailure);
}
