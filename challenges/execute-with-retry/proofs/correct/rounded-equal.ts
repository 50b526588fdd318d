/* Equal jitter, rounded to whole milliseconds; the breaker keeps an explicit table of transitions. */

const enum_ = <T extends string>(...names: T[]) => Object.fromEntries(names.map((n) => [n, n])) as { [K in T]: K };

const Phase = enum_('closed', 'open', 'halfOpen');
type Phase = keyof typeof Phase;

const Result = enum_('success', 'transient', 'permanent');
type Result = keyof typeof Result;

interface Config {
  readonly failureThreshold: number;
  readonly resetTimeoutMs: number;
}

interface Attempt {
  readonly isTrial: boolean;
  readonly era: number;
}

class SharedBreaker {
  private phase: Phase = Phase.closed;
  private era = 0;
  private failures = 0;
  private dueAt = Number.POSITIVE_INFINITY;
  private trialPending = false;

  public admit(): Attempt | null {
    if (this.phase === Phase.open && performance.now() >= this.dueAt) this.enter(Phase.halfOpen);
    switch (this.phase) {
      case Phase.closed:
        return { isTrial: false, era: this.era };
      case Phase.halfOpen:
        if (this.trialPending) return null;
        this.trialPending = true;
        return { isTrial: true, era: this.era };
      default:
        return null;
    }
  }

  public settle(attempt: Attempt, result: Result, config: Config): void {
    if (attempt.era !== this.era) return;
    if (attempt.isTrial) this.settleTrial(result, config);
    else this.settleOrdinary(result, config);
  }

  private settleTrial(result: Result, config: Config): void {
    this.trialPending = false;
    if (result === Result.success) this.enter(Phase.closed);
    if (result === Result.transient) this.open(config);
  }

  private settleOrdinary(result: Result, config: Config): void {
    if (result === Result.success) this.failures = 0;
    if (result === Result.transient && ++this.failures >= config.failureThreshold) this.open(config);
  }

  private open(config: Config): void {
    this.enter(Phase.open);
    this.dueAt = performance.now() + config.resetTimeoutMs;
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.era++;
    this.failures = 0;
    this.trialPending = false;
  }
}

const shared = new SharedBreaker();

const judge = (status: number): Result => {
  if (Math.trunc(status / 100) === 2) return Result.success;
  return [408, 425, 429, 500, 502, 503, 504].indexOf(status) >= 0 ? Result.transient : Result.permanent;
};

const retryAfterMs = (response: Response): number => {
  const value = String(response.headers.get('Retry-After') ?? '').trim();
  if (/^\d+$/.test(value)) return Number(value) * 1e3;
  const shape = /^[A-Z][a-z]{2}(?:, [0-3]\d [A-Z][a-z]{2} \d{4}|[a-z]{3,6}, [0-3]\d-[A-Z][a-z]{2}-\d\d) \d\d:\d\d:\d\d GMT$/;
  const asc = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}$/;
  const at = shape.test(value) ? Date.parse(value) : asc.test(value) ? Date.parse(`${value} UTC`) : Number.NaN;
  return Number.isFinite(at) ? Math.max(at - Date.now(), 0) : 0;
};

const equalJitter = (retry: number, base: number, max: number): number => {
  const bound = Math.min(max, base * 2 ** Math.min(retry - 1, 200));
  return Math.round(bound / 2 + (Math.random() * bound) / 2);
};

const sleep = async (ms: number): Promise<void> => {
  const day = 86_400_000;
  while (ms > day) {
    await new Promise((resolve) => setTimeout(resolve, day));
    ms -= day;
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
};

type Code = 'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN';

export class ExecuteError extends Error {
  override readonly name = 'ExecuteError';
  constructor(readonly code: Code, readonly attempts: number, readonly lastStatus: number | null, cause: unknown) {
    super(`${code}; attempts=${attempts}; lastStatus=${lastStatus}`, { cause });
  }
}

export async function executeWithRetry(
  operation: (context: { attempt: number }) => Promise<Response>,
  options: { maxAttempts: number; baseDelayMs: number; maxDelayMs: number; breaker: Config },
): Promise<Response> {
  let attempts = 0;
  let lastStatus: number | null = null;
  let last: Response | undefined;
  let cause: unknown;

  const reject = (code: Code): never => {
    throw new ExecuteError(code, attempts, lastStatus, cause);
  };

  for (;;) {
    const ticket = shared.admit() ?? reject('CIRCUIT_OPEN');
    attempts += 1;

    let result: Result = Result.transient;
    try {
      last = await operation({ attempt: attempts });
      result = judge(last.status);
      lastStatus = last.status;
      cause = last;
    } catch (reason) {
      last = undefined;
      lastStatus = null;
      cause = reason;
    }
    shared.settle(ticket, result, options.breaker);

    if (last && result === Result.success) return last;
    if (result === Result.permanent) reject('NON_RETRYABLE');
    if (attempts >= options.maxAttempts) reject('RETRIES_EXHAUSTED');

    const floor = last && (last.status === 429 || last.status === 503) ? retryAfterMs(last) : 0;
    await sleep(Math.max(floor, equalJitter(attempts, options.baseDelayMs, options.maxDelayMs)));
  }
}
