// Independent policy objects, each with its own idea of what it handles, put together by `wrap`.

interface Limits {
  failureThreshold: number;
  resetTimeoutMs: number;
}

interface Options {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: Limits;
}

type Operation = (context?: { attempt?: number }) => Promise<Response>;

class Answer {
  constructor(readonly response: Response) {}

  get status(): number {
    return this.response.status;
  }

  get succeeded(): boolean {
    return this.status >= 200 && this.status < 300;
  }
}

class Rejection {
  constructor(readonly reason: unknown) {}
}

type Result = Answer | Rejection;

type Code = 'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN';

// What one call has been through so far.
class History {
  attempts = 0;
  last: Result | null = null;

  get lastStatus(): number | null {
    return this.last instanceof Answer ? this.last.status : null;
  }

  get cause(): unknown {
    if (this.last instanceof Answer) return new Error(`HTTP ${this.last.status}`, { cause: this.last.response });
    return this.last?.reason;
  }
}

class PolicyError extends Error {
  readonly attempts: number;
  readonly lastStatus: number | null;

  constructor(readonly code: Code, history: History) {
    super(`${code} (${history.attempts} attempts)`, { cause: history.cause });
    this.attempts = history.attempts;
    this.lastStatus = history.lastStatus;
  }
}

namespace Statuses {
  export const gateway: readonly number[] = [502, 503, 504];
  export const overload: readonly number[] = [429, 503];
  export const early: readonly number[] = [408, 425];
}

class RetryPolicy {
  private readonly statuses = new Set([...Statuses.early, ...Statuses.overload, ...Statuses.gateway, 500]);

  handles(result: Result): boolean {
    return result instanceof Answer ? this.handlesStatus(result.status) : this.handlesReason(result.reason);
  }

  private handlesStatus(status: number): boolean {
    return this.statuses.has(status);
  }

  private handlesReason(_reason: unknown): boolean {
    return true;
  }
}

class BreakerPolicy {
  private static readonly failures = [408, 425, 429, 500, 502, 503, 504];

  private state: 'closed' | 'open' | 'half-open' = 'closed';
  private consecutive = 0;
  private halfOpenAt = 0;
  private trial: symbol | null = null;

  get isOpen(): boolean {
    return this.state === 'open';
  }

  isFailure(result: Result): boolean {
    return result instanceof Rejection || BreakerPolicy.failures.includes(result.status);
  }

  isPermanent(result: Result): boolean {
    return result instanceof Answer && !result.succeeded && !this.isFailure(result);
  }

  tryEnter(): symbol | null {
    if (this.state === 'open' && performance.now() >= this.halfOpenAt) this.state = 'half-open';
    if (this.state === 'open' || this.trial !== null) return null;
    const entry = Symbol('entry');
    if (this.state === 'half-open') this.trial = entry;
    return entry;
  }

  exit(entry: symbol, result: Result, limits: Limits): void {
    const isTrial = this.trial === entry;
    if (!isTrial && this.state !== 'closed') return;
    this.trial = null;
    if (this.isFailure(result)) {
      this.consecutive += 1;
      if (isTrial || this.consecutive >= limits.failureThreshold) {
        this.state = 'open';
        this.halfOpenAt = performance.now() + limits.resetTimeoutMs;
      }
    } else if (!this.isPermanent(result)) {
      this.state = 'closed';
      this.consecutive = 0;
    }
  }
}

class BackoffPolicy {
  static readonly longestTimer = 2 ** 31 - 1;

  constructor(private readonly options: Pick<Options, 'baseDelayMs' | 'maxDelayMs'>) {}

  async pause(retry: number, result: Result): Promise<void> {
    let ms = Math.max(this.draw(retry), this.requested(result));
    while (ms > BackoffPolicy.longestTimer) {
      await this.timer(BackoffPolicy.longestTimer);
      ms -= BackoffPolicy.longestTimer;
    }
    await this.timer(ms);
  }

  private draw(retry: number): number {
    const { baseDelayMs, maxDelayMs } = this.options;
    const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retry - 1, 70));
    return (0.5 + 0.5 * Math.random()) * bound;
  }

  private requested(result: Result): number {
    if (!(result instanceof Answer) || !Statuses.overload.includes(result.status)) return 0;
    const value = result.response.headers.get('Retry-After')?.trim() ?? '';
    if (/^\d+$/.test(value)) return Number(value) * 1000;
    const current = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(value);
    const obsolete = /^[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/.test(value);
    const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/.test(value);
    if (!current && !obsolete && !asctime) return 0;
    const until = new Date(asctime ? `${value} GMT` : value).valueOf();
    return until > Date.now() ? until - Date.now() : 0;
  }

  private timer(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

const retryPolicy = new RetryPolicy();
const breakerPolicy = new BreakerPolicy();

function wrap(retry: RetryPolicy, breaker: BreakerPolicy) {
  return async (operation: Operation, options: Options): Promise<Response> => {
    const history = new History();
    const backoff = new BackoffPolicy(options);

    for (;;) {
      const entry = breaker.tryEnter();
      if (entry === null) throw new PolicyError('CIRCUIT_OPEN', history);

      history.attempts += 1;
      const result = await outcomeOf(operation, history.attempts);
      breaker.exit(entry, result, options.breaker);
      if (result instanceof Answer && result.succeeded) return result.response;

      history.last = result;
      const again = retry.handles(result) && history.attempts < options.maxAttempts;
      if (!again) throw new PolicyError(breaker.isPermanent(result) ? 'NON_RETRYABLE' : 'RETRIES_EXHAUSTED', history);
      if (breaker.isOpen) throw new PolicyError('CIRCUIT_OPEN', history);
      await backoff.pause(history.attempts, result);
    }
  };
}

async function outcomeOf(operation: Operation, attempt: number): Promise<Result> {
  try {
    return new Answer(await operation({ attempt }));
  } catch (reason) {
    return new Rejection(reason);
  }
}

export const executeWithRetry = wrap(retryPolicy, breakerPolicy);
