// The breaker is driven by a timer: opening starts it, and when it fires the breaker is half-open.
// No timer runs in any other state.

const breaker = {
  state: 'CLOSED',
  failures: 0,
  trial: null,

  trip(resetTimeoutMs) {
    this.state = 'OPEN';
    this.failures = 0;
    this.trial = null;
    setTimeout(() => {
      this.state = 'HALF_OPEN';
    }, resetTimeoutMs);
  },

  close() {
    this.state = 'CLOSED';
    this.failures = 0;
    this.trial = null;
  },
};

function acquire() {
  const lease = { trial: breaker.state === 'HALF_OPEN' };
  if (breaker.state === 'OPEN') return null;
  if (lease.trial) {
    if (breaker.trial !== null) return null;
    breaker.trial = lease;
  }
  return lease;
}

function onSuccess(lease) {
  if (lease.trial) breaker.close();
  else if (breaker.state === 'CLOSED') breaker.failures = 0;
}

function onTransient(lease, { failureThreshold, resetTimeoutMs }) {
  if (lease.trial) {
    breaker.trip(resetTimeoutMs);
  } else if (breaker.state === 'CLOSED') {
    breaker.failures += 1;
    if (breaker.failures >= failureThreshold) breaker.trip(resetTimeoutMs);
  }
}

function onPermanent(lease) {
  if (lease.trial) breaker.trial = null;
}

function isTransientStatus(status) {
  return (status >= 500 && status <= 504 && status !== 501) || status === 429 || status === 425 || status === 408;
}

function computeBackoff(failedAttempts, baseDelayMs, maxDelayMs) {
  let bound = maxDelayMs;
  if (failedAttempts < 64) bound = Math.min(maxDelayMs, baseDelayMs * 2 ** (failedAttempts - 1));
  return Math.random() * bound;
}

function parseRetryAfter(value) {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;

  const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
  const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
  const time = '[0-2]\\d:[0-5]\\d:[0-5]\\d';
  const patterns = [
    `^${day}, [0-3]\\d ${month} \\d{4} ${time} GMT$`,
    `^${day}[a-z]*day, [0-3]\\d-${month}-\\d{2} ${time} GMT$`,
    `^${day} ${month} [ 0-3]\\d ${time} \\d{4}$`,
  ];
  const found = patterns.findIndex((pattern) => new RegExp(pattern).test(text));
  if (found < 0) return undefined;
  const date = Date.parse(found === 2 ? `${text} GMT` : text);
  return date > Date.now() ? date - Date.now() : undefined;
}

function sleep(ms) {
  const MAX = 2147483647;
  return new Promise((resolve) => {
    (function next(left) {
      if (left > MAX) setTimeout(next, MAX, left - MAX);
      else setTimeout(resolve, left);
    })(ms);
  });
}

class HttpError extends Error {
  constructor(code, info) {
    super(`${code}, attempts ${info.attempts}, status ${info.lastStatus}`);
    this.code = code;
    Object.assign(this, info);
  }
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs } = options;
  const info = { attempts: 0, lastStatus: null, cause: undefined };

  while (info.attempts < maxAttempts) {
    const lease = acquire();
    if (!lease) throw new HttpError('CIRCUIT_OPEN', info);

    let retryAfter;
    info.attempts += 1;
    try {
      const response = await operation({ attempt: info.attempts });
      const { status } = response;
      if (status >= 200 && status < 300) {
        onSuccess(lease);
        return response;
      }
      info.lastStatus = status;
      info.cause = new Error(`HTTP ${status} ${response.statusText}`);
      if (status === 429 || status === 503) retryAfter = parseRetryAfter(response.headers.get('Retry-After'));
    } catch (error) {
      info.lastStatus = null;
      info.cause = error;
    }

    if (info.lastStatus !== null && !isTransientStatus(info.lastStatus)) {
      onPermanent(lease);
      throw new HttpError('NON_RETRYABLE', info);
    }
    onTransient(lease, options.breaker);
    if (info.attempts < maxAttempts) {
      if (breaker.state === 'OPEN') throw new HttpError('CIRCUIT_OPEN', info);
      const backoff = computeBackoff(info.attempts, baseDelayMs, maxDelayMs);
      await sleep(retryAfter === undefined ? backoff : Math.max(retryAfter, backoff));
    }
  }
  throw new HttpError('RETRIES_EXHAUSTED', info);
}
