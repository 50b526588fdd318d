// global state of the circuit breaker
let isOpen = false;
let isHalfOpen = false;
let failureCount = 0;
let openedAt = 0;
let trialIsRunning = false;
let breakerVersion = 0; // goes up when the breaker changes, so old requests don't touch it

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// setTimeout can't wait longer than 2^31 - 1 ms
async function longSleep(ms) {
  while (ms > 2147483647) {
    await sleep(2147483647);
    ms = ms - 2147483647;
  }
  await sleep(ms);
}

function shouldRetry(status) {
  if (status === 408) return true;
  if (status === 425) return true;
  if (status === 429) return true;
  if (status === 500) return true;
  if (status === 502) return true;
  if (status === 503) return true;
  if (status === 504) return true;
  return false;
}

function getDelay(retryNumber, options) {
  let delay = options.baseDelayMs;
  for (let i = 1; i < retryNumber; i++) {
    delay = delay * 2;
    if (delay > options.maxDelayMs) break;
  }
  if (delay > options.maxDelayMs) {
    delay = options.maxDelayMs;
  }
  return Math.random() * delay;
}

function getRetryAfter(response) {
  const header = response.headers.get('Retry-After');
  if (header === null || header === undefined) return 0;
  const value = header.trim();

  // number of seconds
  if (/^\d+$/.test(value)) {
    return parseInt(value, 10) * 1000;
  }

  // date, in one of the three formats of HTTP
  const format1 = /^[A-Z][a-z][a-z], \d\d [A-Z][a-z][a-z] \d\d\d\d \d\d:\d\d:\d\d GMT$/;
  const format2 = /^[A-Z][a-z]+day, \d\d-[A-Z][a-z][a-z]-\d\d \d\d:\d\d:\d\d GMT$/;
  const format3 = /^[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d \d\d\d\d$/;
  let date = NaN;
  if (format1.test(value) || format2.test(value)) {
    date = new Date(value).getTime();
  } else if (format3.test(value)) {
    date = new Date(value + ' GMT').getTime();
  }
  if (isNaN(date)) return 0;
  const diff = date - Date.now();
  if (diff < 0) return 0;
  return diff;
}

function openBreaker() {
  isOpen = true;
  isHalfOpen = false;
  trialIsRunning = false;
  failureCount = 0;
  openedAt = Date.now();
  breakerVersion++;
}

function closeBreaker() {
  isOpen = false;
  isHalfOpen = false;
  trialIsRunning = false;
  failureCount = 0;
  breakerVersion++;
}

function createError(message, code, attempts, lastStatus, cause) {
  const error = new Error(message);
  error.code = code;
  error.attempts = attempts;
  error.lastStatus = lastStatus;
  error.cause = cause;
  return error;
}

export async function executeWithRetry(operation, options) {
  const maxAttempts = options.maxAttempts;
  const threshold = options.breaker.failureThreshold;
  const resetTimeout = options.breaker.resetTimeoutMs;

  let attempts = 0;
  let lastStatus = null;
  let lastError = null;

  while (attempts < maxAttempts) {
    // is the reset timeout over?
    if (isOpen && Date.now() - openedAt >= resetTimeout) {
      isOpen = false;
      isHalfOpen = true;
      trialIsRunning = false;
      breakerVersion++;
    }
    if (isOpen) {
      throw createError('Circuit breaker is open', 'CIRCUIT_OPEN', attempts, lastStatus, lastError);
    }
    if (isHalfOpen && trialIsRunning) {
      throw createError('Circuit breaker is testing', 'CIRCUIT_OPEN', attempts, lastStatus, lastError);
    }
    const isTrial = isHalfOpen;
    if (isTrial) {
      trialIsRunning = true;
    }
    const version = breakerVersion;

    attempts++;
    let response = null;
    let retryAfter = 0;
    try {
      response = await operation({ attempt: attempts });
    } catch (error) {
      lastError = error;
      lastStatus = null;
    }
    const isCurrent = version === breakerVersion;

    if (response !== null) {
      if (response.status >= 200 && response.status < 300) {
        if (isCurrent) {
          if (isTrial) {
            closeBreaker();
          } else {
            failureCount = 0;
          }
        }
        return response;
      }

      lastStatus = response.status;
      lastError = new Error('Request failed with status ' + response.status);

      if (!shouldRetry(response.status)) {
        if (isCurrent && isTrial) {
          trialIsRunning = false;
        }
        throw createError('Request can not be retried', 'NON_RETRYABLE', attempts, lastStatus, lastError);
      }
      if (response.status === 429 || response.status === 503) {
        retryAfter = getRetryAfter(response);
      }
    }

    // the attempt failed, but it could work later
    if (isCurrent) {
      if (isTrial) {
        openBreaker();
      } else {
        failureCount++;
        if (failureCount >= threshold) {
          openBreaker();
        }
      }
    }

    if (attempts < maxAttempts) {
      let delay = getDelay(attempts, options);
      if (retryAfter > delay) {
        delay = retryAfter;
      }
      await longSleep(delay);
    }
  }

  throw createError('All attempts failed', 'RETRIES_EXHAUSTED', attempts, lastStatus, lastError);
}
