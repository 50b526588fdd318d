/**
 * @file Runs one HTTP request with retries, exponential backoff, jitter and a circuit breaker.
 *
 * The breaker belongs to the module: every call that this module serves shares it, whatever its operation
 * is. The rest of the state belongs to a single call.
 */

/**
 * @typedef {object} BreakerOptions
 * @property {number} failureThreshold  Consecutive transient failures that open the breaker.
 * @property {number} resetTimeoutMs    How long the breaker stays open before it lets a trial through.
 */

/**
 * @typedef {object} RetryOptions
 * @property {number} maxAttempts   Invocations of the operation per call, the first included.
 * @property {number} baseDelayMs   The bound of the first wait.
 * @property {number} maxDelayMs    The bound that no wait of our own choosing exceeds.
 * @property {BreakerOptions} breaker
 */

/** Statuses after which the same request may well succeed a little later. */
const TRANSIENT_STATUSES = Object.freeze([408, 425, 429, 500, 502, 503, 504]);

/** Statuses whose Retry-After header is heard. */
const THROTTLING_STATUSES = Object.freeze([429, 503]);

/** The longest delay that setTimeout honours; beyond it the timer fires at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** Exponents above this change nothing but the risk of an overflow. */
const MAX_EXPONENT = 52;

/** What an attempt meant for the breaker. */
const Verdict = Object.freeze({
  SUCCESS: 'success',
  TRANSIENT_FAILURE: 'transient failure',
  PERMANENT_FAILURE: 'permanent failure',
});

/** Every rejection of `executeWithRetry` is one of these. */
export class RetryError extends Error {
  /**
   * @param {'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN'} code
   * @param {CallRecord} record
   */
  constructor(code, record) {
    super(RetryError.describe(code, record));
    this.name = 'RetryError';
    /** Why the call ended. */
    this.code = code;
    /** How often this call invoked its operation. */
    this.attempts = record.attempts;
    /** The status of the last attempt, or null where it got no response. */
    this.lastStatus = record.lastStatus;
    /** The last failure: a response or whatever the operation rejected with. */
    this.cause = record.lastFailure;
  }

  static describe(code, { attempts, lastStatus }) {
    const status = lastStatus === null ? 'no response' : `status ${lastStatus}`;
    switch (code) {
      case 'NON_RETRYABLE':
        return `The request failed for good on attempt ${attempts} (${status})`;
      case 'RETRIES_EXHAUSTED':
        return `The request failed on each of ${attempts} attempts (${status})`;
      default:
        return `The circuit breaker is open; ${attempts} attempts were made`;
    }
  }
}

/** What one call remembers of its attempts. */
class CallRecord {
  attempts = 0;
  lastStatus = null;
  lastFailure = undefined;

  attemptStarted() {
    this.attempts += 1;
  }

  answered(response) {
    this.lastStatus = response.status;
    this.lastFailure = response;
  }

  rejected(reason) {
    this.lastStatus = null;
    this.lastFailure = reason;
  }
}

/**
 * A circuit breaker with the classic three states.
 *
 * Whoever wants to make an attempt asks for a pass and hands it back with a verdict. Passes carry the
 * generation in which they were handed out, and each change of state starts a new generation. A pass of an
 * older generation belongs to an attempt that the change of state has overtaken, and is ignored.
 */
class CircuitBreaker {
  #state = 'closed';
  #generation = 0;
  #consecutiveFailures = 0;
  #reopensAt = 0;
  #trialIsRunning = false;

  /** @returns {{ generation: number } | null} a pass, or null where no attempt is allowed */
  requestPass() {
    if (this.#state === 'open' && Date.now() >= this.#reopensAt) {
      this.#changeState('half-open');
    }
    if (this.#state === 'open') {
      return null;
    }
    if (this.#state === 'half-open') {
      if (this.#trialIsRunning) {
        return null;
      }
      this.#trialIsRunning = true;
    }
    return { generation: this.#generation };
  }

  /** Hands a pass back, with what became of its attempt. */
  returnPass(pass, verdict, options) {
    if (pass.generation !== this.#generation) {
      return;
    }
    if (this.#state === 'half-open') {
      this.#endTrial(verdict, options);
    } else {
      this.#count(verdict, options);
    }
  }

  #endTrial(verdict, options) {
    this.#trialIsRunning = false;
    if (verdict === Verdict.SUCCESS) {
      this.#changeState('closed');
    } else if (verdict === Verdict.TRANSIENT_FAILURE) {
      this.#open(options);
    }
  }

  #count(verdict, options) {
    if (verdict === Verdict.SUCCESS) {
      this.#consecutiveFailures = 0;
    } else if (verdict === Verdict.TRANSIENT_FAILURE) {
      this.#consecutiveFailures += 1;
      if (this.#consecutiveFailures >= options.failureThreshold) {
        this.#open(options);
      }
    }
  }

  #open(options) {
    this.#changeState('open');
    this.#reopensAt = Date.now() + options.resetTimeoutMs;
  }

  #changeState(state) {
    this.#state = state;
    this.#generation += 1;
    this.#consecutiveFailures = 0;
    this.#trialIsRunning = false;
  }
}

const sharedBreaker = new CircuitBreaker();

/** @returns {string} a member of Verdict */
function judge(response) {
  if (response.status >= 200 && response.status < 300) {
    return Verdict.SUCCESS;
  }
  return TRANSIENT_STATUSES.includes(response.status) ? Verdict.TRANSIENT_FAILURE : Verdict.PERMANENT_FAILURE;
}

/**
 * Draws a wait with full jitter: anything from nothing to the exponential bound.
 *
 * @param {number} retry  1 for the first retry
 */
function drawBackoff(retry, { baseDelayMs, maxDelayMs }) {
  const exponent = Math.min(retry - 1, MAX_EXPONENT);
  const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** exponent);
  return Math.random() * bound;
}

/**
 * Reads Retry-After.
 *
 * @returns {number} milliseconds from now; 0 where the header is absent, malformed or in the past
 */
function readRetryAfter(response) {
  if (!response || !THROTTLING_STATUSES.includes(response.status)) {
    return 0;
  }
  const value = response.headers.get('Retry-After')?.trim() ?? '';
  if (/^\d+$/.test(value)) {
    return Number(value) * 1000;
  }
  const time = parseHttpDate(value);
  return time === null ? 0 : Math.max(0, time - Date.now());
}

/**
 * Parses the three forms of an HTTP date, and nothing else that Date.parse would take for a date.
 *
 * @returns {number | null}
 */
function parseHttpDate(value) {
  const imfFixdate = /^[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4} [0-2]\d:[0-5]\d:[0-5]\d GMT$/;
  const rfc850Date = /^[A-Z][a-z]{5,8}, [0-3]\d-[A-Z][a-z]{2}-\d{2} [0-2]\d:[0-5]\d:[0-5]\d GMT$/;
  const asctimeDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d [0-2]\d:[0-5]\d:[0-5]\d \d{4}$/;

  let time = NaN;
  if (imfFixdate.test(value) || rfc850Date.test(value)) {
    time = Date.parse(value);
  } else if (asctimeDate.test(value)) {
    time = Date.parse(`${value} GMT`);
  }
  return Number.isNaN(time) ? null : time;
}

/** Waits, in several steps where one timer could not hold the whole time. */
async function sleep(ms) {
  let left = ms;
  while (left > MAX_TIMER_MS) {
    await timer(MAX_TIMER_MS);
    left -= MAX_TIMER_MS;
  }
  await timer(left);
}

function timer(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Performs a request until it succeeds, fails for good, runs out of attempts or meets an open breaker.
 *
 * @param {(context: { attempt: number }) => Promise<Response>} operation
 * @param {RetryOptions} options
 * @returns {Promise<Response>} the successful response
 * @throws {RetryError}
 */
export async function executeWithRetry(operation, options) {
  const record = new CallRecord();

  for (;;) {
    const pass = sharedBreaker.requestPass();
    if (pass === null) {
      throw new RetryError('CIRCUIT_OPEN', record);
    }

    record.attemptStarted();
    let response = null;
    let verdict = Verdict.TRANSIENT_FAILURE;
    try {
      response = await operation({ attempt: record.attempts });
      verdict = judge(response);
    } catch (reason) {
      record.rejected(reason);
    }
    sharedBreaker.returnPass(pass, verdict, options.breaker);

    if (verdict === Verdict.SUCCESS) {
      return response;
    }
    if (response !== null) {
      record.answered(response);
    }
    if (verdict === Verdict.PERMANENT_FAILURE) {
      throw new RetryError('NON_RETRYABLE', record);
    }
    if (record.attempts >= options.maxAttempts) {
      throw new RetryError('RETRIES_EXHAUSTED', record);
    }

    // The breaker may have opened by now; the next request for a pass will tell, after the wait.
    await sleep(Math.max(readRetryAfter(response), drawBackoff(record.attempts, options)));
  }
}
