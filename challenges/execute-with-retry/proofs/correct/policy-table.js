// Three questions are asked of every outcome, each with a rule of its own: is it worth another attempt,
// what does the breaker make of it, and which code does a rejection after it carry.

const RETRIED_STATUSES = [408, 425, 429, 500, 502, 503, 504];

const retryRule = {
  appliesTo(outcome) {
    if (outcome.kind === 'rejected') return true;
    return RETRIED_STATUSES.includes(outcome.status);
  },
};

const breakerRule = {
  transient: new Set([408, 425, 429, 500, 502, 503, 504]),

  verdict(outcome) {
    if (outcome.kind === 'rejected') return 'transient';
    if (isSuccess(outcome)) return 'success';
    return this.transient.has(outcome.status) ? 'transient' : 'permanent';
  },
};

const codeRule = {
  temporary: /^(408|425|429|500|502|503|504)$/,

  codeAfter(outcome) {
    if (outcome.kind === 'rejected') return 'RETRIES_EXHAUSTED';
    return this.temporary.test(String(outcome.status)) ? 'RETRIES_EXHAUSTED' : 'NON_RETRYABLE';
  },
};

function isSuccess(outcome) {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
}

// ---- the breaker ----

let mode = 'closed';
let strikes = 0;
let wakeAt = 0;
let trial = null;

function admit() {
  if (mode === 'open' && Date.now() >= wakeAt) mode = 'half-open';
  if (mode === 'open' || (mode === 'half-open' && trial !== null)) return null;
  const ticket = Symbol();
  if (mode === 'half-open') trial = ticket;
  return ticket;
}

function record(ticket, verdict, { failureThreshold, resetTimeoutMs }) {
  const isTrial = ticket === trial;
  if (mode !== 'closed' && !isTrial) return;
  if (isTrial) trial = null;
  if (verdict === 'success') {
    mode = 'closed';
    strikes = 0;
  } else if (verdict === 'transient') {
    strikes += 1;
    if (isTrial || strikes >= failureThreshold) {
      mode = 'open';
      wakeAt = Date.now() + resetTimeoutMs;
    }
  }
}

// ---- waiting ----

function backoff(retry, { baseDelayMs, maxDelayMs }) {
  const growth = 2 ** Math.min(retry - 1, 90);
  const bound = Math.min(maxDelayMs, baseDelayMs * growth);
  return bound * Math.random();
}

const asksForPatience = (outcome) => outcome.status === 429 || outcome.status === 503;

function retryAfter(outcome) {
  if (!asksForPatience(outcome)) return 0;
  const header = outcome.response.headers.get('Retry-After');
  const text = header === null ? '' : header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const gmt = /^[A-Z][a-z]{2,8}, [0-3]\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;
  const ansi = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d{2}:\d{2}:\d{2} \d{4}$/;
  if (!gmt.test(text) && !ansi.test(text)) return 0;
  const date = Date.parse(ansi.test(text) ? `${text} GMT` : text);
  return Math.max(0, (date || 0) - Date.now());
}

async function sleep(ms) {
  const longest = 2147483647;
  while (ms > longest) {
    await new Promise((resolve) => setTimeout(resolve, longest));
    ms -= longest;
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
}

// ---- the call ----

class PolicyError extends Error {
  constructor(code, attempts, outcome) {
    super(`${code} after ${attempts} attempts`);
    this.code = code;
    this.attempts = attempts;
    this.lastStatus = outcome?.status ?? null;
    if (outcome) this.cause = outcome.kind === 'answered' ? outcome.response : outcome.reason;
  }
}

async function observe(operation, attempt) {
  try {
    const response = await operation({ attempt });
    return { kind: 'answered', response, status: response.status };
  } catch (reason) {
    return { kind: 'rejected', reason, status: null };
  }
}

export async function executeWithRetry(operation, options) {
  let outcome = null;

  for (let attempts = 1; ; attempts += 1) {
    const ticket = admit();
    if (ticket === null) throw new PolicyError('CIRCUIT_OPEN', attempts - 1, outcome);

    outcome = await observe(operation, attempts);
    record(ticket, breakerRule.verdict(outcome), options.breaker);
    if (isSuccess(outcome)) return outcome.response;

    const again = retryRule.appliesTo(outcome) && attempts < options.maxAttempts;
    if (!again) throw new PolicyError(codeRule.codeAfter(outcome), attempts, outcome);
    if (mode === 'open') throw new PolicyError('CIRCUIT_OPEN', attempts, outcome);
    await sleep(Math.max(backoff(attempts, options), retryAfter(outcome)));
  }
}
