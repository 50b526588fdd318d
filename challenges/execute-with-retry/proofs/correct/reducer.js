// The breaker is a pure function from (state, event) to state; only `dispatch` touches anything.

const initialState = Object.freeze({ mode: 'closed', epoch: 0, failures: 0, retryAt: 0, trialUnderWay: false });

const enter = (state, mode, extra = {}) => ({ ...initialState, epoch: state.epoch + 1, mode, ...extra });

const opened = (state, event) => enter(state, 'open', { retryAt: event.at + event.limits.resetTimeoutMs });

const transitions = {
  closed: {
    success: (state) => ({ ...state, failures: 0 }),
    permanent: (state) => state,
    transient: (state, event) =>
      state.failures + 1 >= event.limits.failureThreshold
        ? opened(state, event)
        : { ...state, failures: state.failures + 1 },
  },
  open: {
    tick: (state, event) => (event.at >= state.retryAt ? enter(state, 'half-open') : state),
  },
  'half-open': {
    trial: (state) => ({ ...state, trialUnderWay: true }),
    success: (state) => enter(state, 'closed'),
    permanent: (state) => ({ ...state, trialUnderWay: false }),
    transient: opened,
  },
};

function reduce(state, event) {
  const isStale = event.epoch !== undefined && event.epoch !== state.epoch;
  const transition = transitions[state.mode][event.type];
  return isStale || !transition ? state : transition(state, event);
}

let current = initialState;

function dispatch(type, details) {
  current = reduce(current, { type, at: Date.now(), ...details });
  return current;
}

function requestEntry() {
  const state = dispatch('tick');
  if (state.mode === 'open' || state.trialUnderWay) return { granted: false };
  return { granted: true, epoch: dispatch('trial').epoch };
}

const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

const classify = ({ response }) => {
  if (!response) return 'transient';
  if (response.status >= 200 && response.status < 300) return 'success';
  return transientStatuses.has(response.status) ? 'transient' : 'permanent';
};

const attemptOnce = async (operation, attempt) => {
  try {
    return { response: await operation({ attempt }) };
  } catch (rejection) {
    return { rejection };
  }
};

const boundFor = (retry, { baseDelayMs, maxDelayMs }) =>
  Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 80));

const httpDate = (text) => {
  const withComma = /^[A-Z][a-z]{2,8}, [0-3]\d([ -])[A-Z][a-z]{2}\1\d{2,4} \d\d:\d\d:\d\d GMT$/;
  const ansi = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}$/;
  if (withComma.test(text)) return Date.parse(text);
  return ansi.test(text) ? Date.parse(`${text} GMT`) : NaN;
};

const demandedWait = ({ response }, now) => {
  if (!response || (response.status !== 429 && response.status !== 503)) return 0;
  const text = response.headers.get('retry-after')?.trim();
  if (text === undefined) return 0;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : httpDate(text) - now;
  return wait > 0 ? wait : 0;
};

const sleep = async (ms) => {
  const longest = 2 ** 31 - 1;
  if (ms > longest) {
    await sleep(longest);
    return sleep(ms - longest);
  }
  return new Promise((resolve) => setTimeout(resolve, ms));
};

const failure = (code, { attempts, last }) =>
  Object.assign(new Error(`${code} after ${attempts} attempts`), {
    code,
    attempts,
    lastStatus: last?.response?.status ?? null,
    cause: last?.response ?? last?.rejection,
  });

export async function executeWithRetry(operation, options) {
  let call = { attempts: 0, last: undefined };

  for (;;) {
    const entry = requestEntry();
    if (!entry.granted) throw failure('CIRCUIT_OPEN', call);

    const last = await attemptOnce(operation, call.attempts + 1);
    const type = classify(last);
    call = { attempts: call.attempts + 1, last };
    dispatch(type, { epoch: entry.epoch, limits: options.breaker });

    if (type === 'success') return last.response;
    if (type === 'permanent') throw failure('NON_RETRYABLE', call);
    if (call.attempts >= options.maxAttempts) throw failure('RETRIES_EXHAUSTED', call);
    if (current.mode === 'open') throw failure('CIRCUIT_OPEN', call);

    await sleep(Math.max(Math.random() * boundFor(call.attempts, options), demandedWait(last, Date.now())));
  }
}
