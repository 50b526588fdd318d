// Full jitter in whole milliseconds. Retry-After and the backoff are added up rather than compared.

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

const CLOSED = 0;
const OPEN = 1;
const HALF_OPEN = 2;

let circuitState = CLOSED;
let failureCount = 0;
let opensAgainAt = 0;
let currentTrial = null;

function refreshCircuit() {
  if (circuitState === OPEN && Date.now() >= opensAgainAt) {
    circuitState = HALF_OPEN;
    currentTrial = null;
  }
}

function circuitLetsIn() {
  refreshCircuit();
  if (circuitState === CLOSED) return true;
  if (circuitState === OPEN) return false;
  return currentTrial === null;
}

function circuitSucceeded(id) {
  if (circuitState === CLOSED || id === currentTrial) {
    circuitState = CLOSED;
    failureCount = 0;
    currentTrial = null;
  }
}

function circuitFailed(id, breaker) {
  if (circuitState !== CLOSED && id !== currentTrial) return;
  failureCount++;
  if (circuitState === HALF_OPEN || failureCount >= breaker.failureThreshold) {
    circuitState = OPEN;
    opensAgainAt = Date.now() + breaker.resetTimeoutMs;
    currentTrial = null;
  }
}

function circuitReleased(id) {
  if (id === currentTrial) currentTrial = null;
}

function randomInt(max) {
  return Math.floor(Math.random() * (max + 1));
}

function backoffDelay(attempt, options) {
  const exponent = Math.min(attempt - 1, 50);
  const bound = Math.min(options.baseDelayMs * Math.pow(2, exponent), options.maxDelayMs);
  return Math.min(bound, randomInt(bound));
}

function retryAfterDelay(response) {
  if (response === null) return 0;
  if (response.status !== 429 && response.status !== 503) return 0;
  const header = response.headers.get('Retry-After');
  if (header === null) return 0;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Number.parseInt(value, 10) * 1000;
  const isHttpDate =
    /^[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value) ||
    /^[A-Z][a-z]{5,8}, [0-3]\d-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/.test(value);
  const isAscTime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(value);
  if (!isHttpDate && !isAscTime) return 0;
  const date = new Date(isAscTime ? `${value} GMT` : value);
  const delay = date.getTime() - Date.now();
  return delay > 0 ? delay : 0;
}

function sleep(ms) {
  return new Promise((resolve) => {
    const longest = 2147483647;
    if (ms > longest) {
      setTimeout(() => resolve(sleep(ms - longest)), longest);
    } else {
      setTimeout(resolve, ms);
    }
  });
}

function createError(code, message, attempts, lastStatus, cause) {
  const error = new Error(message);
  error.code = code;
  error.attempts = attempts;
  error.lastStatus = lastStatus;
  error.cause = cause;
  return error;
}

export async function executeWithRetry(operation, options) {
  let lastStatus = null;
  let lastFailure = null;

  for (let attempt = 1; attempt <= options.maxAttempts; attempt++) {
    if (!circuitLetsIn()) {
      throw createError('CIRCUIT_OPEN', 'circuit breaker is open', attempt - 1, lastStatus, lastFailure);
    }
    const id = {};
    if (circuitState === HALF_OPEN) currentTrial = id;

    let response = null;
    try {
      response = await operation({ attempt });
    } catch (error) {
      lastFailure = error;
      lastStatus = null;
      circuitFailed(id, options.breaker);
    }

    if (response !== null) {
      if (response.ok) {
        circuitSucceeded(id);
        return response;
      }
      lastStatus = response.status;
      lastFailure = new Error(`request failed with status ${response.status}`);
      if (!TRANSIENT.has(response.status)) {
        circuitReleased(id);
        throw createError('NON_RETRYABLE', `status ${lastStatus} is not retried`, attempt, lastStatus, lastFailure);
      }
      circuitFailed(id, options.breaker);
    }

    if (attempt < options.maxAttempts) {
      if (circuitState === OPEN) {
        throw createError('CIRCUIT_OPEN', 'circuit breaker has opened', attempt, lastStatus, lastFailure);
      }
      await sleep(retryAfterDelay(response) + backoffDelay(attempt, options));
    }
  }

  throw createError(
    'RETRIES_EXHAUSTED',
    `all ${options.maxAttempts} attempts failed`,
    options.maxAttempts,
    lastStatus,
    lastFailure,
  );
}
