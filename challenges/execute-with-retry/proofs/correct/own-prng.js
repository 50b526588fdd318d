// Brings its own generator (xorshift, 32 bits), seeded once from Math.random when the module loads.

const random = (() => {
  let x = Math.floor(Math.random() * 0xffffffff) + 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 0x100000000;
  };
})();

const breaker = {
  open: false,
  until: 0,
  failures: 0,
  trial: undefined,

  ask() {
    if (!this.open) return Symbol();
    if (Date.now() < this.until || this.trial !== undefined) return undefined;
    return (this.trial = Symbol('trial'));
  },

  tell(pass, verdict, limits) {
    if (this.open && this.trial !== pass) return;
    const onTrial = this.open;
    this.trial = undefined;
    if (verdict === 'good') {
      this.open = false;
      this.failures = 0;
    }
    if (verdict === 'bad') {
      this.failures++;
      if (onTrial || this.failures >= limits.failureThreshold) {
        this.open = true;
        this.until = Date.now() + limits.resetTimeoutMs;
      }
    }
  },
};

const WORTH_RETRYING = new Map([
  [408, 'Request Timeout'],
  [425, 'Too Early'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
]);

function verdictOn(response) {
  if (response.status >= 200 && response.status < 300) return 'good';
  return WORTH_RETRYING.has(response.status) ? 'bad' : 'hopeless';
}

function fullJitter(n, base, cap) {
  const bound = n > 500 ? cap : Math.min(cap, base * 2 ** (n - 1));
  return bound * random();
}

function patience(response) {
  if (response.status !== 429 && response.status !== 503) return 0;
  const wish = response.headers.get('retry-after');
  if (wish === null) return 0;
  if (/^\s*\d+\s*$/.test(wish)) return Number(wish) * 1000;
  const comma = /^\s*[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} [\d:]{8} GMT\s*$/.test(wish);
  const plain = /^\s*[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}\s*$/.test(wish);
  if (!comma && !plain) return 0;
  const then = Date.parse(comma ? wish.trim() : `${wish.trim()} GMT`);
  return then > Date.now() ? then - Date.now() : 0;
}

const nap = (ms) => new Promise((wake) => setTimeout(wake, ms));

async function rest(ms) {
  while (ms > 2 ** 31 - 1) {
    await nap(2 ** 31 - 1);
    ms -= 2 ** 31 - 1;
  }
  return nap(ms);
}

function giveUp(code, attempts, lastStatus, cause) {
  const names = { NON_RETRYABLE: 'permanent failure', RETRIES_EXHAUSTED: 'no luck', CIRCUIT_OPEN: 'breaker open' };
  throw Object.assign(new Error(names[code]), { code, attempts, lastStatus, cause });
}

export async function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs, breaker: limits }) {
  let lastStatus = null;
  let cause;
  for (let n = 1; ; n++) {
    const pass = breaker.ask();
    if (pass === undefined) giveUp('CIRCUIT_OPEN', n - 1, lastStatus, cause);

    let asked = 0;
    let verdict = 'bad';
    try {
      const response = await operation({ attempt: n });
      verdict = verdictOn(response);
      if (verdict === 'good') return response;
      lastStatus = response.status;
      cause = new Error(`${response.status} ${WORTH_RETRYING.get(response.status) ?? ''}`);
      asked = patience(response);
    } catch (problem) {
      lastStatus = null;
      cause = problem;
    } finally {
      breaker.tell(pass, verdict, limits);
    }

    if (verdict === 'hopeless') giveUp('NON_RETRYABLE', n, lastStatus, cause);
    if (n >= maxAttempts) giveUp('RETRIES_EXHAUSTED', n, lastStatus, cause);
    if (breaker.open) giveUp('CIRCUIT_OPEN', n, lastStatus, cause);
    await rest(Math.max(asked, fullJitter(n, baseDelayMs, maxDelayMs)));
  }
}
