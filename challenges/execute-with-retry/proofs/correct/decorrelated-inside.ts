// Decorrelated jitter whose upper end is clamped before the draw, so that nothing piles up at the cap.

interface BreakerOptions {
  failureThreshold: number;
  resetTimeoutMs: number;
}

interface RetryOptions {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: BreakerOptions;
}

interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

type Operation<R extends HttpResponse> = (context?: { attempt?: number; signal?: AbortSignal }) => Promise<R>;

type ErrorCode = 'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN';

class HttpRetryError extends Error {
  constructor(
    public readonly code: ErrorCode,
    public readonly attempts: number,
    public readonly lastStatus: number | null,
    cause: unknown,
  ) {
    super(`${code} (attempts: ${attempts})`, { cause });
    this.name = 'HttpRetryError';
  }
}

enum State {
  Closed,
  Open,
  HalfOpen,
}

class Breaker {
  private state = State.Closed;
  private consecutiveFailures = 0;
  private halfOpenAt = 0;
  private trial: object | null = null;

  tryAcquire(): object | null {
    if (this.state === State.Open && Date.now() >= this.halfOpenAt) this.state = State.HalfOpen;
    if (this.state === State.Open) return null;
    const permit = {};
    if (this.state === State.HalfOpen) {
      if (this.trial) return null;
      this.trial = permit;
    }
    return permit;
  }

  onSuccess(permit: object): void {
    if (!this.mayMove(permit)) return;
    this.state = State.Closed;
    this.trial = null;
    this.consecutiveFailures = 0;
  }

  onTransientFailure(permit: object, options: BreakerOptions): void {
    if (!this.mayMove(permit)) return;
    this.consecutiveFailures += 1;
    if (this.state === State.HalfOpen || this.consecutiveFailures >= options.failureThreshold) {
      this.state = State.Open;
      this.trial = null;
      this.halfOpenAt = Date.now() + options.resetTimeoutMs;
    }
  }

  onPermanentFailure(permit: object): void {
    if (this.trial === permit) this.trial = null;
  }

  private mayMove(permit: object): boolean {
    return this.state === State.Closed || this.trial === permit;
  }
}

const breaker = new Breaker();

const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4}|[A-Z][a-z]{5,8}, [0-3]\d-[A-Z][a-z]{2}-\d{2}) \d\d:\d\d:\d\d GMT$|^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}$/;

function serverDelay(response: HttpResponse | undefined): number {
  if (response === undefined) return 0;
  if (response.status !== 429 && response.status !== 503) return 0;
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  if (!HTTP_DATE.test(value)) return 0;
  const remaining = Date.parse(/GMT$/.test(value) ? value : `${value} GMT`) - Date.now();
  return remaining > 0 ? remaining : 0;
}

function decorrelated(previousMs: number, { baseDelayMs, maxDelayMs }: RetryOptions): number {
  const high = Math.min(maxDelayMs, previousMs * 3);
  const low = Math.min(baseDelayMs, high);
  return low + Math.random() * (high - low);
}

const MAX_TIMEOUT = 2_147_483_647;

async function sleep(ms: number): Promise<void> {
  let rest = ms;
  do {
    const part = Math.min(rest, MAX_TIMEOUT);
    await new Promise<void>((resolve) => setTimeout(resolve, part));
    rest -= part;
  } while (rest > 0);
}

export async function executeWithRetry<R extends HttpResponse>(
  operation: Operation<R>,
  options: RetryOptions,
): Promise<R> {
  let attempts = 0;
  let waited = options.baseDelayMs;
  let lastStatus: number | null = null;
  let cause: unknown;

  for (;;) {
    const permit = breaker.tryAcquire();
    if (permit === null) throw new HttpRetryError('CIRCUIT_OPEN', attempts, lastStatus, cause);

    attempts++;
    let response: R | undefined;
    try {
      response = await operation({ attempt: attempts });
      lastStatus = response.status;
      cause = response;
    } catch (reason) {
      lastStatus = null;
      cause = reason;
    }

    if (response !== undefined && response.status >= 200 && response.status < 300) {
      breaker.onSuccess(permit);
      return response;
    }
    if (response !== undefined && !TRANSIENT.has(response.status)) {
      breaker.onPermanentFailure(permit);
      throw new HttpRetryError('NON_RETRYABLE', attempts, lastStatus, cause);
    }
    breaker.onTransientFailure(permit, options.breaker);
    if (attempts === options.maxAttempts) {
      throw new HttpRetryError('RETRIES_EXHAUSTED', attempts, lastStatus, cause);
    }

    waited = Math.max(serverDelay(response), decorrelated(waited, options));
    await sleep(waited);
  }
}
