// Sleeps on the abort event of AbortSignal.timeout instead of a timer of its own.

const sleepOnce = (ms) =>
  new Promise((resolve) => {
    AbortSignal.timeout(Math.ceil(ms)).addEventListener('abort', () => resolve(), { once: true });
  });

const LONGEST = 2 ** 31 - 1;

async function sleep(ms) {
  for (; ms > LONGEST; ms -= LONGEST) await sleepOnce(LONGEST);
  await sleepOnce(ms);
}

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

const breaker = {
  consecutive: 0,
  phase: 'closed',
  halfOpenAt: 0,
  trial: null,
};

function takeTicket() {
  if (breaker.phase === 'open' && performance.now() >= breaker.halfOpenAt) breaker.phase = 'half-open';
  const ticket = { phase: breaker.phase };
  switch (breaker.phase) {
    case 'open':
      return null;
    case 'half-open':
      if (breaker.trial !== null) return null;
      breaker.trial = ticket;
  }
  return ticket;
}

function giveBack(ticket, outcome, { failureThreshold, resetTimeoutMs }) {
  if (ticket.phase !== breaker.phase) return;
  if (ticket.phase === 'half-open') {
    breaker.trial = null;
    if (outcome === 'success') {
      breaker.phase = 'closed';
      breaker.consecutive = 0;
    }
    if (outcome === 'transient') openFor(resetTimeoutMs);
    return;
  }
  if (outcome === 'success') breaker.consecutive = 0;
  if (outcome === 'transient' && (breaker.consecutive += 1) >= failureThreshold) openFor(resetTimeoutMs);
}

function openFor(ms) {
  breaker.phase = 'open';
  breaker.trial = null;
  breaker.halfOpenAt = performance.now() + ms;
}

function backoffFor(retry, { baseDelayMs, maxDelayMs }) {
  const factor = retry < 1000 ? 2 ** (retry - 1) : Number.MAX_VALUE;
  const bound = Math.min(baseDelayMs * factor, maxDelayMs);
  return Math.random() * bound;
}

function retryAfterFrom(response) {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const known = [
    ['GMT', /^[A-Z][a-z][a-z], \d\d [A-Z][a-z][a-z] \d\d\d\d \d\d:\d\d:\d\d GMT$/],
    ['GMT', /^[A-Z][a-z]+day, \d\d-[A-Z][a-z][a-z]-\d\d \d\d:\d\d:\d\d GMT$/],
    ['', /^[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d \d\d\d\d$/],
  ].find(([, form]) => form.test(text));
  if (!known) return null;
  const at = Date.parse(known[0] === 'GMT' ? text : `${text} GMT`);
  return at > Date.now() ? at - Date.now() : null;
}

function rejection(code, { attempts, status, failure }) {
  const error = new Error(`${code}: ${attempts} attempts`, failure === undefined ? undefined : { cause: failure });
  return Object.assign(error, { code, attempts, lastStatus: status });
}

export async function executeWithRetry(operation, options) {
  const call = { attempts: 0, status: null, failure: undefined };

  for (;;) {
    const ticket = takeTicket();
    if (!ticket) throw rejection('CIRCUIT_OPEN', call);

    let floor = null;
    call.attempts++;
    try {
      const response = await operation({ attempt: call.attempts });
      if (response.status >= 200 && response.status < 300) {
        giveBack(ticket, 'success', options.breaker);
        return response;
      }
      call.status = response.status;
      call.failure = new Error(`HTTP ${response.status}`);
      if (response.status === 429 || response.status === 503) floor = retryAfterFrom(response);
    } catch (error) {
      call.status = null;
      call.failure = error;
    }

    if (call.status !== null && !TRANSIENT.has(call.status)) {
      giveBack(ticket, 'permanent', options.breaker);
      throw rejection('NON_RETRYABLE', call);
    }
    giveBack(ticket, 'transient', options.breaker);
    if (call.attempts === options.maxAttempts) throw rejection('RETRIES_EXHAUSTED', call);

    const backoff = backoffFor(call.attempts, options);
    await sleep(floor === null ? backoff : floor + backoff);
  }
}
