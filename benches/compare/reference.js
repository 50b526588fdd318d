// A correct solution of the coding test: full jitter, Retry-After, one breaker for the module.

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
const breaker = { state: "closed", failures: 0, openedAt: 0 };

class RetryError extends Error {
  constructor(code, attempts, lastStatus, cause) {
    super(`${code} after ${attempts} attempts`, { cause });
    Object.assign(this, { code, attempts, lastStatus });
  }
}

export async function executeWithRetry(operation, options) {
  let lastStatus = null;
  let cause;
  for (let attempt = 1; ; attempt += 1) {
    if (!admitted(options.breaker)) throw new RetryError("CIRCUIT_OPEN", attempt - 1, lastStatus, cause);
    const trial = breaker.state === "half-open";
    let response = null;
    try {
      response = await operation({ attempt });
    } catch (error) {
      cause = error;
    }
    lastStatus = response === null ? null : response.status;
    if (response !== null) cause = response;
    if (response !== null && response.ok) {
      succeeded(trial);
      return response;
    }
    if (response !== null && !TRANSIENT.has(response.status)) {
      if (trial) breaker.state = "waiting";
      throw new RetryError("NON_RETRYABLE", attempt, lastStatus, cause);
    }
    failed(trial, options.breaker);
    if (attempt >= options.maxAttempts) throw new RetryError("RETRIES_EXHAUSTED", attempt, lastStatus, cause);
    if (breaker.state === "open") throw new RetryError("CIRCUIT_OPEN", attempt, lastStatus, cause);
    await sleep(waitBefore(attempt, response, options));
  }
}

function admitted({ resetTimeoutMs }) {
  if (breaker.state === "open" && Date.now() - breaker.openedAt >= resetTimeoutMs) breaker.state = "waiting";
  if (breaker.state === "waiting") {
    breaker.state = "half-open";
    return true;
  }
  return breaker.state === "closed";
}

function succeeded(trial) {
  if (trial) breaker.state = "closed";
  if (breaker.state === "closed") breaker.failures = 0;
}

function failed(trial, { failureThreshold }) {
  if (!trial && breaker.state !== "closed") return;
  breaker.failures += 1;
  if (!trial && breaker.failures < failureThreshold) return;
  Object.assign(breaker, { state: "open", failures: 0, openedAt: Date.now() });
}

function waitBefore(retry, response, { baseDelayMs, maxDelayMs }) {
  const backoff = Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (retry - 1));
  const asked = retryAfter(response);
  return asked === null ? backoff : Math.max(asked, backoff);
}

function retryAfter(response) {
  if (response === null || (response.status !== 429 && response.status !== 503)) return null;
  const value = response.headers.get("retry-after");
  if (value === null) return null;
  const wait = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return wait > 0 ? wait : null;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
