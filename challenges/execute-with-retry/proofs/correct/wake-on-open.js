// Calls that are waiting to retry listen to the breaker and are rejected the moment it opens.

const sleepers = new Set();

class Breaker {
  state = 'closed';
  failures = 0;
  openUntil = 0;
  trial = null;

  pass() {
    if (this.state === 'open' && Date.now() >= this.openUntil) this.state = 'half-open';
    if (this.state === 'closed') return {};
    if (this.state === 'half-open' && this.trial === null) {
      this.trial = {};
      return this.trial;
    }
    return null;
  }

  accept(pass) {
    return this.state === 'closed' || (this.trial !== null && this.trial === pass);
  }

  success(pass) {
    if (this.accept(pass)) {
      this.state = 'closed';
      this.failures = 0;
      this.trial = null;
    }
  }

  permanentFailure(pass) {
    if (this.trial === pass) this.trial = null;
  }

  transientFailure(pass, { failureThreshold, resetTimeoutMs }) {
    if (!this.accept(pass)) return;
    this.failures += 1;
    if (pass === this.trial || this.failures >= failureThreshold) {
      this.state = 'open';
      this.openUntil = Date.now() + resetTimeoutMs;
      this.trial = null;
      for (const wake of [...sleepers]) wake(true);
    }
  }
}

const breaker = new Breaker();

// Resolves to true where the breaker opened before the time was over.
function sleepUnlessOpened(ms) {
  return new Promise((resolve) => {
    let timer;
    let left = ms;
    const wake = (opened) => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve(opened);
    };
    const run = () => {
      const part = Math.min(left, 2147483647);
      left -= part;
      timer = setTimeout(() => (left > 0 ? run() : wake(false)), part);
    };
    sleepers.add(wake);
    run();
  });
}

const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

function backoff(retry, baseDelayMs, maxDelayMs) {
  const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 60));
  return bound * Math.random();
}

function retryAfter(response) {
  const header = response.headers.get('retry-after');
  if (!header || ![429, 503].includes(response.status)) return 0;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const [weekday, ...others] = value.split(/,? +/);
  const shapes = [
    /^\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
    /^\d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
    /^[A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d \d{4}$/,
  ];
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(weekday)) return 0;
  const shape = shapes.findIndex((form) => form.test(others.join(' ')));
  if (shape === -1) return 0;
  const time = Date.parse(shape === 2 ? `${value} GMT` : value);
  return Math.max(0, (Number.isNaN(time) ? 0 : time) - Date.now());
}

class CallError extends Error {
  constructor(code, call) {
    super(`${code}: attempts ${call.attempts}, last status ${call.lastStatus}`);
    this.code = code;
    this.attempts = call.attempts;
    this.lastStatus = call.lastStatus;
    this.cause = call.cause;
  }
}

export async function executeWithRetry(operation, options) {
  const call = { attempts: 0, lastStatus: null, cause: undefined };

  for (;;) {
    const pass = breaker.pass();
    if (pass === null) throw new CallError('CIRCUIT_OPEN', call);

    call.attempts += 1;
    let floor = 0;
    let permanent = false;
    try {
      const response = await operation({ attempt: call.attempts });
      if (response.ok) {
        breaker.success(pass);
        return response;
      }
      call.lastStatus = response.status;
      call.cause = response;
      permanent = !TRANSIENT.includes(response.status);
      floor = retryAfter(response);
    } catch (error) {
      call.lastStatus = null;
      call.cause = error;
    }

    if (permanent) {
      breaker.permanentFailure(pass);
      throw new CallError('NON_RETRYABLE', call);
    }
    breaker.transientFailure(pass, options.breaker);
    if (call.attempts >= options.maxAttempts) throw new CallError('RETRIES_EXHAUSTED', call);
    if (breaker.state === 'open') throw new CallError('CIRCUIT_OPEN', call);

    const wait = Math.max(floor, backoff(call.attempts, options.baseDelayMs, options.maxDelayMs));
    if (await sleepUnlessOpened(wait)) throw new CallError('CIRCUIT_OPEN', call);
  }
}
