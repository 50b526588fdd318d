// The wait is the mean of two draws, so that it gathers around the middle of its bound.

const state = { name: 'closed', streak: 0, wakeAt: 0, trialId: 0 };
let lastId = 0;

const http = {
  isSuccess: (response) => response.status >= 200 && response.status <= 299,
  isTransient: ({ status }) =>
    status === 408 || status === 425 || status === 429 ||
    status === 500 || status === 502 || status === 503 || status === 504,
};

// An attempt is known by a number above zero; zero stands for "refused".
function begin() {
  if (state.name === 'open' && Date.now() >= state.wakeAt) {
    state.name = 'half-open';
    state.trialId = 0;
  }
  if (state.name === 'open') return 0;
  if (state.name === 'half-open' && state.trialId !== 0) return 0;
  lastId += 1;
  if (state.name === 'half-open') state.trialId = lastId;
  return lastId;
}

function open(resetTimeoutMs) {
  state.name = 'open';
  state.wakeAt = Date.now() + resetTimeoutMs;
  state.trialId = 0;
}

function close() {
  state.name = 'closed';
  state.streak = 0;
  state.trialId = 0;
}

const finish = {
  success(id) {
    if (state.name === 'closed' || state.trialId === id) close();
  },
  permanent(id) {
    if (state.trialId === id) state.trialId = 0;
  },
  transient(id, { failureThreshold, resetTimeoutMs }) {
    if (state.trialId === id) {
      open(resetTimeoutMs);
    } else if (state.name === 'closed') {
      state.streak += 1;
      if (state.streak >= failureThreshold) open(resetTimeoutMs);
    }
  },
};

function triangular(bound) {
  return (bound * (Math.random() + Math.random())) / 2;
}

function upperBound(retry, { baseDelayMs, maxDelayMs }) {
  return retry > 1000 ? maxDelayMs : Math.min(maxDelayMs, baseDelayMs * 2 ** (retry - 1));
}

const DIGITS = /^\d+$/;
const WEEKDAY_FIRST = /^(?:Sun|Mon|Tues?|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur)(?:day)?,? /;
const CLOCK = / (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?: |$)/;
const ENDS_WELL = /(?: GMT|:\d\d \d{4})$/;

function secondsToMs(text) {
  return Number(text) * 1000;
}

function dateToMs(text) {
  if (![WEEKDAY_FIRST, CLOCK, ENDS_WELL].every((part) => part.test(text))) return 0;
  const ms = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`) - Date.now();
  return ms > 0 ? ms : 0;
}

function retryAfter(response) {
  if (response?.status !== 429 && response?.status !== 503) return 0;
  const text = response.headers.get('retry-after')?.trim() ?? '';
  return DIGITS.test(text) ? secondsToMs(text) : dateToMs(text);
}

function sleep(ms) {
  return new Promise((resolve) => {
    const tick = (left) => {
      const slice = Math.min(left, 2_000_000_000);
      setTimeout(() => (left > slice ? tick(left - slice) : resolve()), slice);
    };
    tick(ms);
  });
}

function failure(code, call) {
  const error = new Error(`${code}: ${call.attempts} attempts, last status ${call.lastStatus}`);
  error.name = 'RequestFailed';
  return Object.assign(error, call, { code });
}

export async function executeWithRetry(operation, options) {
  const call = { attempts: 0, lastStatus: null, cause: null };

  for (;;) {
    const id = begin();
    if (id === 0) throw failure('CIRCUIT_OPEN', call);

    call.attempts += 1;
    const { response, rejection } = await settle(operation, call.attempts);
    if (response && http.isSuccess(response)) {
      finish.success(id);
      return response;
    }

    call.lastStatus = response ? response.status : null;
    call.cause = response ?? rejection;
    if (response && !http.isTransient(response)) {
      finish.permanent(id);
      throw failure('NON_RETRYABLE', call);
    }
    finish.transient(id, options.breaker);
    if (call.attempts >= options.maxAttempts) throw failure('RETRIES_EXHAUSTED', call);

    const backoff = triangular(upperBound(call.attempts, options));
    await sleep(Math.max(backoff, retryAfter(response)));
  }
}

async function settle(operation, attempt) {
  try {
    return { response: await operation({ attempt }) };
  } catch (rejection) {
    return { rejection };
  }
}
