// Layers around the operation, put together once: each takes the next handler and returns a handler.
// A handler gets a request { operation, options, attempt } and resolves to an outcome; none of them rejects.

const compose = (...layers) => layers.reduceRight((next, layer) => layer(next), perform);

async function perform({ operation, attempt }) {
  try {
    const response = await operation({ attempt });
    return { response, status: response.status };
  } catch (reason) {
    return { reason, status: null };
  }
}

const TRANSIENT = new Map([408, 425, 429, 500, 502, 503, 504].map((status) => [status, true]));

const classified = (next) => async (request) => {
  const outcome = await next(request);
  if (outcome.status === null) return { ...outcome, kind: 'transient' };
  if (outcome.status >= 200 && outcome.status <= 299) return { ...outcome, kind: 'success' };
  return { ...outcome, kind: TRANSIENT.has(outcome.status) ? 'transient' : 'permanent' };
};

const guarded = (next) => {
  let state = { name: 'closed', failures: 0 };

  const admit = () => {
    if (state.name === 'open' && Date.now() >= state.until) state = { name: 'half-open', busy: false };
    if (state.name === 'open' || state.busy) return null;
    if (state.name === 'half-open') state.busy = true;
    return state;
  };

  const react = (seen, kind, { failureThreshold, resetTimeoutMs }) => {
    if (seen !== state) return; // the breaker has moved on since this attempt began
    const trial = state.name === 'half-open';
    if (kind === 'success' && trial) state = { name: 'closed', failures: 0 };
    if (kind === 'success') state.failures = 0;
    if (kind === 'permanent' && trial) state.busy = false;
    if (kind === 'transient') {
      const failures = trial ? Infinity : state.failures + 1;
      if (failures >= failureThreshold) state = { name: 'open', until: Date.now() + resetTimeoutMs };
      else state.failures = failures;
    }
  };

  return async (request) => {
    const seen = admit();
    if (seen === null) return { kind: 'refused' };
    const outcome = await next(request);
    react(seen, outcome.kind, request.options.breaker);
    return { ...outcome, opened: state.name === 'open' };
  };
};

const patient = (next) => async (request) => {
  const outcome = await next(request);
  if (outcome.status !== 429 && outcome.status !== 503) return outcome;
  return { ...outcome, retryAfter: readRetryAfter(outcome.response.headers.get('Retry-After')) };
};

function readRetryAfter(header) {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const anyDate =
    /^(?:\w{3}, \d{2} \w{3} \d{4}|\w{6,9}, \d{2}-\w{3}-\d{2}) \d{2}:\d{2}:\d{2} GMT$|^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
  if (!anyDate.test(value)) return 0;
  const ms = Date.parse(value.includes('GMT') ? value : `${value} GMT`) - Date.now();
  return ms > 0 ? ms : 0;
}

const send = compose(guarded, patient, classified);

const decorrelated = (before, { baseDelayMs, maxDelayMs }) =>
  Math.min(maxDelayMs, baseDelayMs + Math.random() * Math.max(0, 3 * before - baseDelayMs));

const LONGEST = 2147483647;

const sleep = (ms) =>
  new Promise((resolve) => setTimeout(resolve, Math.min(ms, LONGEST))).then(() => {
    if (ms > LONGEST) return sleep(ms - LONGEST);
  });

const STOP_CODES = { permanent: 'NON_RETRYABLE', transient: 'RETRIES_EXHAUSTED', refused: 'CIRCUIT_OPEN' };

function stop(code, attempts, outcome) {
  const error = new Error(`${code} after ${attempts} attempts`);
  error.code = code;
  error.attempts = attempts;
  error.lastStatus = outcome ? outcome.status : null;
  error.cause = outcome && (outcome.response ?? outcome.reason);
  return error;
}

export async function executeWithRetry(operation, options) {
  let last;
  let drawn = options.baseDelayMs;
  for (let attempt = 1; ; attempt++) {
    const outcome = await send({ operation, options, attempt });
    if (outcome.kind === 'success') return outcome.response;
    if (outcome.kind === 'refused') throw stop(STOP_CODES.refused, attempt - 1, last);
    last = outcome;
    if (outcome.kind === 'permanent') throw stop(STOP_CODES.permanent, attempt, last);
    if (attempt >= options.maxAttempts) throw stop(STOP_CODES.transient, attempt, last);
    if (outcome.opened) throw stop('CIRCUIT_OPEN', attempt, last);
    drawn = decorrelated(drawn, options);
    await sleep(Math.max(drawn, outcome.retryAfter ?? 0));
  }
}
