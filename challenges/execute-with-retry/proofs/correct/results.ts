// Failures are values until the very end: an attempt yields a discriminated union, a policy maps it to a
// decision, and only the outermost function throws.

type Milliseconds = number;

interface RetryOptions {
  readonly maxAttempts: number;
  readonly baseDelayMs: Milliseconds;
  readonly maxDelayMs: Milliseconds;
  readonly breaker: { readonly failureThreshold: number; readonly resetTimeoutMs: Milliseconds };
}

interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

type Outcome<R extends ResponseLike> =
  | { readonly kind: 'success'; readonly response: R }
  | { readonly kind: 'permanent'; readonly response: R }
  | { readonly kind: 'transient'; readonly response: R }
  | { readonly kind: 'lost'; readonly reason: unknown };

type Failure<R extends ResponseLike> = Exclude<Outcome<R>, { kind: 'success' }>;

type Decision =
  | { readonly action: 'retry'; readonly after: Milliseconds }
  | { readonly action: 'stop'; readonly code: Code };

const codes = {
  permanent: 'NON_RETRYABLE',
  exhausted: 'RETRIES_EXHAUSTED',
  open: 'CIRCUIT_OPEN',
} as const satisfies Record<string, string>;

type Code = (typeof codes)[keyof typeof codes];

interface Failed {
  readonly code: Code;
  readonly attempts: number;
  readonly lastStatus: number | null;
}

const TRANSIENT = [408, 425, 429, 500, 502, 503, 504] satisfies readonly number[];

// ---- breaker ----

type Entry = { readonly era: number; readonly trial: boolean };

function circuitBreaker(now: () => Milliseconds) {
  let era = 0;
  let streak = 0;
  let wakeAt: Milliseconds | null = null;
  let trialOut = false;

  const isOpen = () => wakeAt !== null && now() < wakeAt;

  const open = (resetTimeoutMs: Milliseconds) => {
    era += 1;
    streak = 0;
    trialOut = false;
    wakeAt = now() + resetTimeoutMs;
  };

  const close = () => {
    era += 1;
    streak = 0;
    trialOut = false;
    wakeAt = null;
  };

  return {
    isOpen,

    enter(): Entry | undefined {
      if (wakeAt === null) return { era, trial: false };
      if (isOpen() || trialOut) return undefined;
      trialOut = true;
      return { era, trial: true };
    },

    leave<R extends ResponseLike>(entry: Entry, outcome: Outcome<R>, limits: RetryOptions['breaker']): void {
      const speaksForThisEra = entry.era === era && entry.trial === (wakeAt !== null);
      if (!speaksForThisEra) return;
      trialOut = false;
      switch (outcome.kind) {
        case 'success':
          if (entry.trial) close();
          streak = 0;
          break;
        case 'permanent':
          break;
        case 'transient':
        case 'lost':
          streak += 1;
          if (entry.trial || streak >= limits.failureThreshold) open(limits.resetTimeoutMs);
      }
    },
  };
}

const breaker = circuitBreaker(() => performance.now());

// ---- time ----

function sleep(ms: Milliseconds): Promise<void>;
function sleep<T>(ms: Milliseconds, value: T): Promise<T>;
async function sleep<T>(ms: Milliseconds, value?: T): Promise<T | void> {
  const longest = 2 ** 31 - 1;
  let left = ms;
  for (; left > longest; left -= longest) {
    await new Promise<void>((resolve) => setTimeout(resolve, longest));
  }
  return new Promise<T | void>((resolve) => setTimeout(() => resolve(value), left));
}

function boundBefore(retry: number, { baseDelayMs, maxDelayMs }: RetryOptions): Milliseconds {
  let bound = Math.min(baseDelayMs, maxDelayMs);
  for (let n = 1; n < retry && bound > 0 && bound < maxDelayMs; n++) bound = Math.min(2 * bound, maxDelayMs);
  return bound;
}

const HttpDate = {
  forms: [
    { pattern: /^[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/, zone: '' },
    { pattern: /^[A-Z][a-z]{5,8}, [0-3]\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/, zone: '' },
    { pattern: /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}$/, zone: ' GMT' },
  ],
  parse(text: string): Milliseconds | undefined {
    const form = this.forms.find(({ pattern }) => pattern.test(text));
    const time = form ? Date.parse(text + form.zone) : NaN;
    return Number.isNaN(time) ? undefined : time;
  },
};

function retryAfter(failure: Failure<ResponseLike>): Milliseconds {
  if (failure.kind !== 'transient') return 0;
  if (![429, 503].includes(failure.response.status)) return 0;
  const text = failure.response.headers.get('Retry-After')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = HttpDate.parse(text);
  return time === undefined ? 0 : Math.max(0, time - Date.now());
}

// ---- the call ----

async function perform<R extends ResponseLike>(request: () => Promise<R>): Promise<Outcome<R>> {
  try {
    const response = await request();
    if (response.status >= 200 && response.status < 300) return { kind: 'success', response };
    const kind = (TRANSIENT as readonly number[]).includes(response.status) ? 'transient' : 'permanent';
    return { kind, response };
  } catch (reason) {
    return { kind: 'lost', reason };
  }
}

function decide<R extends ResponseLike>(failure: Failure<R>, attempts: number, options: RetryOptions): Decision {
  if (failure.kind === 'permanent') return { action: 'stop', code: codes.permanent };
  if (attempts >= options.maxAttempts) return { action: 'stop', code: codes.exhausted };
  if (breaker.isOpen()) return { action: 'stop', code: codes.open };
  const backoff = Math.random() * boundBefore(attempts, options);
  return { action: 'retry', after: Math.max(backoff, retryAfter(failure)) };
}

function describe<R extends ResponseLike>(failure: Failure<R> | undefined) {
  if (failure === undefined) return { lastStatus: null, cause: undefined };
  if (failure.kind === 'lost') return { lastStatus: null, cause: failure.reason };
  return { lastStatus: failure.response.status, cause: failure.response };
}

function toError<R extends ResponseLike>(code: Code, attempts: number, failure?: Failure<R>): Error & Failed {
  const { lastStatus, cause } = describe(failure);
  const error = new Error(`${code} after ${attempts} attempts`, { cause });
  return Object.assign(error, { code, attempts, lastStatus } satisfies Failed);
}

export async function executeWithRetry<R extends ResponseLike>(
  operation: (context?: { attempt?: number }) => Promise<R>,
  options: RetryOptions,
): Promise<R> {
  let attempts = 0;
  let failure: Failure<R> | undefined;

  while (true) {
    const entry = breaker.enter();
    if (entry === undefined) throw toError(codes.open, attempts, failure);

    attempts += 1;
    const outcome = await perform(() => operation({ attempt: attempts }));
    breaker.leave(entry, outcome, options.breaker);
    if (outcome.kind === 'success') return outcome.response;

    failure = outcome;
    const decision = decide(failure, attempts, options);
    if (decision.action === 'stop') throw toError(decision.code, attempts, failure);
    await sleep(decision.after);
  }
}
