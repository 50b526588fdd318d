// A linear congruential generator, seeded at load from the clock mixed with Math.random; the seed takes
// a turn through a top-level await. Waits are between a tenth and all of the bound.

const seed = await Promise.resolve((Date.now() ^ (Math.random() * 2 ** 32)) >>> 0);

class Dice {
  #s;

  constructor(start) {
    this.#s = start;
  }

  roll() {
    this.#s = (Math.imul(this.#s, 1664525) + 1013904223) >>> 0;
    return this.#s / 2 ** 32;
  }
}

const dice = new Dice(seed);
const LEAST = 0.1;

const memory = { consecutive: 0, trippedAt: undefined, cooling: 0, trialOwner: undefined };

function mode(now) {
  if (memory.trippedAt === undefined) return 'closed';
  return now - memory.trippedAt < memory.cooling ? 'open' : 'half-open';
}

function claim() {
  const owner = { since: memory.trippedAt };
  switch (mode(performance.now())) {
    case 'closed':
      return owner;
    case 'half-open':
      if (memory.trialOwner === undefined) {
        memory.trialOwner = owner;
        return owner;
      }
  }
  return undefined;
}

function trip(cooling) {
  memory.trippedAt = performance.now();
  memory.cooling = cooling;
  memory.trialOwner = undefined;
}

function handBack(owner, how, rules) {
  const isTrial = memory.trialOwner === owner;
  if (!isTrial && memory.trippedAt !== owner.since) return;
  if (how === 'success') {
    Object.assign(memory, { consecutive: 0, trippedAt: undefined, trialOwner: undefined });
  } else if (how === 'permanent') {
    if (isTrial) memory.trialOwner = undefined;
  } else {
    memory.consecutive += 1;
    if (isTrial || memory.consecutive >= rules.failureThreshold) trip(rules.resetTimeoutMs);
  }
}

class RetryFailure extends Error {
  constructor(code, made, lastStatus, options) {
    super(`gave up (${code}) after ${made} attempts`, options);
    Object.defineProperties(this, {
      code: { value: code, enumerable: true },
      attempts: { value: made, enumerable: true },
      lastStatus: { value: lastStatus, enumerable: true },
    });
  }
}

const RETRY = '408 425 429 500 502 503 504'.split(' ').map(Number);

function spread(retry, base, cap) {
  let bound = base;
  while (--retry > 0 && bound < cap) bound += bound;
  return Math.min(bound, cap) * (LEAST + (1 - LEAST) * dice.roll());
}

function readDelay(text) {
  if (text === null) return 0;
  const value = text.trim();
  if (/^\d+$/.test(value)) return 1000 * Number(value);
  const forms = [
    [/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, ''],
    [/^\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT$/, ''],
    [/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/, ' GMT'],
  ];
  for (const [form, zone] of forms) {
    if (form.test(value)) {
      const ahead = Date.parse(value + zone) - Date.now();
      return ahead > 0 ? ahead : 0;
    }
  }
  return 0;
}

async function hold(ms) {
  const limit = 2147483647;
  while (ms > limit) {
    await new Promise((go) => setTimeout(go, limit));
    ms -= limit;
  }
  await new Promise((go) => setTimeout(go, ms));
}

export async function executeWithRetry(operation, options) {
  const { maxAttempts, baseDelayMs, maxDelayMs, breaker: rules } = options;
  let made = 0;
  let status = null;
  let failure;

  while (made < maxAttempts) {
    const owner = claim();
    if (!owner) throw new RetryFailure('CIRCUIT_OPEN', made, status, { cause: failure });

    made += 1;
    let asked = 0;
    try {
      const response = await operation({ attempt: made });
      status = response.status;
      if (status >= 200 && status < 300) {
        handBack(owner, 'success', rules);
        return response;
      }
      failure = response;
      if (status === 429 || status === 503) asked = readDelay(response.headers.get('Retry-After'));
    } catch (error) {
      status = null;
      failure = error;
    }

    if (status !== null && !RETRY.includes(status)) {
      handBack(owner, 'permanent', rules);
      throw new RetryFailure('NON_RETRYABLE', made, status, { cause: failure });
    }
    handBack(owner, 'transient', rules);
    if (made === maxAttempts) break;
    await hold(Math.max(asked, spread(made, baseDelayMs, maxDelayMs)));
  }
  throw new RetryFailure('RETRIES_EXHAUSTED', made, status, { cause: failure });
}
