// The State pattern for the breaker, the Strategy pattern for the waits, a Template Method for the call.

interface BreakerConfig {
  failureThreshold: number;
  resetTimeoutMs: number;
}

interface RetryConfig {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: BreakerConfig;
}

interface OperationContext {
  attempt?: number;
  signal?: AbortSignal;
}

type HttpOperation = (context?: OperationContext) => Promise<Response>;

enum ErrorCode {
  NonRetryable = 'NON_RETRYABLE',
  RetriesExhausted = 'RETRIES_EXHAUSTED',
  CircuitOpen = 'CIRCUIT_OPEN',
}

interface Clock {
  now(): number;
}

class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }
}

class Permit {}

// ---- circuit breaker ----

abstract class BreakerState {
  constructor(protected readonly breaker: CircuitBreaker) {}

  abstract admit(): Permit | null;

  onSuccess(_permit: Permit): void {}

  onTransientFailure(_permit: Permit, _config: BreakerConfig): void {}

  onPermanentFailure(_permit: Permit): void {}
}

class ClosedState extends BreakerState {
  private failures = 0;

  admit(): Permit {
    return new Permit();
  }

  override onSuccess(): void {
    this.failures = 0;
  }

  override onTransientFailure(_permit: Permit, config: BreakerConfig): void {
    this.failures += 1;
    if (this.failures >= config.failureThreshold) this.breaker.open(config.resetTimeoutMs);
  }
}

class OpenState extends BreakerState {
  private readonly openedAt: number;

  constructor(breaker: CircuitBreaker, private readonly resetTimeoutMs: number) {
    super(breaker);
    this.openedAt = breaker.clock.now();
  }

  admit(): Permit | null {
    const elapsed = this.breaker.clock.now() - this.openedAt;
    return elapsed < this.resetTimeoutMs ? null : this.breaker.halfOpen().admit();
  }
}

class HalfOpenState extends BreakerState {
  private trial: Permit | null = null;

  admit(): Permit | null {
    if (this.trial !== null) return null;
    this.trial = new Permit();
    return this.trial;
  }

  override onSuccess(permit: Permit): void {
    if (permit === this.trial) this.breaker.close();
  }

  override onTransientFailure(permit: Permit, config: BreakerConfig): void {
    if (permit === this.trial) this.breaker.open(config.resetTimeoutMs);
  }

  override onPermanentFailure(permit: Permit): void {
    if (permit === this.trial) this.trial = null;
  }
}

class CircuitBreaker {
  state: BreakerState;

  constructor(readonly clock: Clock) {
    this.state = new ClosedState(this);
  }

  close(): BreakerState {
    return (this.state = new ClosedState(this));
  }

  open(resetTimeoutMs: number): BreakerState {
    return (this.state = new OpenState(this, resetTimeoutMs));
  }

  halfOpen(): BreakerState {
    return (this.state = new HalfOpenState(this));
  }
}

// ---- waiting ----

interface DelayStrategy {
  delayBefore(retry: number, response: Response | null): number;
}

class FullJitterBackoff implements DelayStrategy {
  constructor(private readonly base: number, private readonly cap: number) {}

  delayBefore(retry: number): number {
    const bound = Math.min(this.cap, this.base * 2 ** Math.min(retry - 1, 400));
    return Math.random() * bound;
  }
}

class RetryAfterAware implements DelayStrategy {
  private static readonly statuses = [429, 503];

  private static readonly dates = [
    /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
    /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
    /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
  ];

  constructor(private readonly inner: DelayStrategy, private readonly clock: Clock) {}

  delayBefore(retry: number, response: Response | null): number {
    return Math.max(this.inner.delayBefore(retry, response), this.requested(response));
  }

  private requested(response: Response | null): number {
    if (response === null || !RetryAfterAware.statuses.includes(response.status)) return 0;
    const value = response.headers.get('Retry-After')?.trim() ?? '';
    if (/^\d+$/.test(value)) return Number(value) * 1000;
    if (!RetryAfterAware.dates.some((form) => form.test(value))) return 0;
    const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
    return Number.isNaN(at) ? 0 : Math.max(0, at - this.clock.now());
  }
}

class Sleeper {
  private static readonly longest = 2 ** 31 - 1;

  static async sleep(ms: number): Promise<void> {
    while (ms > Sleeper.longest) {
      await Sleeper.timer(Sleeper.longest);
      ms -= Sleeper.longest;
    }
    await Sleeper.timer(ms);
  }

  private static timer(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

// ---- the call ----

class ResilienceError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly attempts: number,
    readonly lastStatus: number | null,
    cause: unknown,
  ) {
    super(`The request failed with ${code} after ${attempts} attempt(s)`, { cause });
    this.name = 'ResilienceError';
  }
}

abstract class ResilientCall {
  private attempts = 0;
  private lastStatus: number | null = null;
  private failure: unknown;

  constructor(private readonly breaker: CircuitBreaker, private readonly config: RetryConfig) {}

  protected abstract perform(attempt: number): Promise<Response>;

  protected abstract isTransient(status: number): boolean;

  protected abstract wait(retry: number, response: Response | null): Promise<void>;

  async run(): Promise<Response> {
    for (;;) {
      const permit = this.breaker.state.admit();
      if (permit === null) throw this.error(ErrorCode.CircuitOpen);

      const response = await this.try();
      if (response !== null && response.ok) {
        this.breaker.state.onSuccess(permit);
        return response;
      }
      if (response !== null && !this.isTransient(response.status)) {
        this.breaker.state.onPermanentFailure(permit);
        throw this.error(ErrorCode.NonRetryable);
      }
      this.breaker.state.onTransientFailure(permit, this.config.breaker);
      if (this.attempts >= this.config.maxAttempts) throw this.error(ErrorCode.RetriesExhausted);
      await this.wait(this.attempts, response);
    }
  }

  private async try(): Promise<Response | null> {
    this.attempts += 1;
    try {
      const response = await this.perform(this.attempts);
      this.lastStatus = response.status;
      this.failure = response;
      return response;
    } catch (rejection) {
      this.lastStatus = null;
      this.failure = rejection;
      return null;
    }
  }

  private error(code: ErrorCode): ResilienceError {
    return new ResilienceError(code, this.attempts, this.lastStatus, this.failure);
  }
}

class HttpCall extends ResilientCall {
  private static readonly transient = new Set([408, 425, 429, 500, 502, 503, 504]);

  constructor(
    breaker: CircuitBreaker,
    config: RetryConfig,
    private readonly operation: HttpOperation,
    private readonly strategy: DelayStrategy,
  ) {
    super(breaker, config);
  }

  protected perform(attempt: number): Promise<Response> {
    return this.operation({ attempt });
  }

  protected isTransient(status: number): boolean {
    return HttpCall.transient.has(status);
  }

  protected wait(retry: number, response: Response | null): Promise<void> {
    return Sleeper.sleep(this.strategy.delayBefore(retry, response));
  }
}

const clock = new SystemClock();
const sharedBreaker = new CircuitBreaker(clock);

export async function executeWithRetry(operation: HttpOperation, options: RetryConfig): Promise<Response> {
  const backoff = new FullJitterBackoff(options.baseDelayMs, options.maxDelayMs);
  const strategy = new RetryAfterAware(backoff, clock);
  return new HttpCall(sharedBreaker, options, operation, strategy).run();
}
