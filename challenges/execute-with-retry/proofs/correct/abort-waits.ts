// Every wait hangs on the breaker's AbortSignal, which fires when the breaker opens.

type Mode = { kind: 'closed'; failures: number } | { kind: 'open'; until: number } | { kind: 'half-open'; trial: Pass | null };

class Pass {
  constructor(public readonly number: number) {}
}

interface Limits {
  failureThreshold: number;
  resetTimeoutMs: number;
}

class CircuitBreaker {
  private mode: Mode = { kind: 'closed', failures: 0 };
  private openings = new AbortController();
  private passes = 0;

  constructor(private readonly now: () => number) {}

  /** Fires at the next opening. */
  get opening(): AbortSignal {
    return this.openings.signal;
  }

  get isOpen(): boolean {
    return this.mode.kind === 'open';
  }

  enter(): Pass | null {
    if (this.mode.kind === 'open' && this.now() >= this.mode.until) {
      this.mode = { kind: 'half-open', trial: null };
    }
    if (this.mode.kind === 'open') return null;
    if (this.mode.kind === 'half-open' && this.mode.trial !== null) return null;
    const pass = new Pass(++this.passes);
    if (this.mode.kind === 'half-open') this.mode.trial = pass;
    return pass;
  }

  success(pass: Pass): void {
    if (this.mode.kind === 'closed' || this.isTrial(pass)) this.mode = { kind: 'closed', failures: 0 };
  }

  permanent(pass: Pass): void {
    if (this.isTrial(pass)) this.mode = { kind: 'half-open', trial: null };
  }

  transient(pass: Pass, limits: Limits): void {
    if (this.isTrial(pass)) {
      this.open(limits);
    } else if (this.mode.kind === 'closed') {
      this.mode.failures++;
      if (this.mode.failures >= limits.failureThreshold) this.open(limits);
    }
  }

  private isTrial(pass: Pass): boolean {
    return this.mode.kind === 'half-open' && this.mode.trial === pass;
  }

  private open(limits: Limits): void {
    this.mode = { kind: 'open', until: this.now() + limits.resetTimeoutMs };
    const fired = this.openings;
    this.openings = new AbortController();
    fired.abort();
  }
}

const breaker = new CircuitBreaker(() => performance.now());

function wait(ms: number, signal: AbortSignal): Promise<'elapsed' | 'interrupted'> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout>;
    const interrupted = () => {
      clearTimeout(timer);
      resolve('interrupted');
    };
    const step = (left: number) => {
      const part = Math.min(left, 0x7fff_ffff);
      timer = setTimeout(() => {
        if (left > part) return step(left - part);
        signal.removeEventListener('abort', interrupted);
        resolve('elapsed');
      }, part);
    };
    signal.addEventListener('abort', interrupted, { once: true });
    step(ms);
  });
}

abstract class Delays {
  static exponential(retry: number, base: number, cap: number): number {
    const bound = base * Math.pow(2, Math.min(retry - 1, 300));
    return Math.random() * Math.min(bound, cap);
  }

  static requested(response: Response): number {
    if (response.status !== 429 && response.status !== 503) return 0;
    const value = response.headers.get('Retry-After')?.trim() ?? '';
    if (value.length > 0 && !/\D/.test(value)) return Number(value) * 1000;
    return Math.max(0, Delays.httpDate(value) - Date.now());
  }

  private static httpDate(value: string): number {
    const imf = /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/;
    const rfc850 = /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/;
    const asctime = /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/;
    const parts = (imf.exec(value) ?? rfc850.exec(value) ?? asctime.exec(value))?.groups;
    if (!parts) return 0;
    const century = parts.year < '50' ? '20' : '19';
    const year = parts.year.length === 2 ? century + parts.year : parts.year;
    const parsed = Date.parse(`${parts.day.trim()} ${parts.month} ${year} ${parts.time} GMT`);
    return Number.isNaN(parsed) ? 0 : parsed;
  }
}

const TRANSIENT = new Set<number>([408, 425, 429, 500, 502, 503, 504]);

type Code = 'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN';

class RetryError extends Error {
  constructor(
    readonly code: Code,
    readonly attempts: number,
    readonly lastStatus: number | null,
    override readonly cause?: unknown,
  ) {
    super(`${code} (attempts ${attempts}, status ${lastStatus ?? 'none'})`);
    this.name = 'RetryError';
  }
}

interface Options {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: Limits;
}

export async function executeWithRetry(
  operation: (context?: { attempt: number }) => Promise<Response>,
  options: Options,
): Promise<Response> {
  let attempts = 0;
  let status: number | null = null;
  let cause: unknown;

  while (true) {
    const pass = breaker.enter();
    if (!pass) throw new RetryError('CIRCUIT_OPEN', attempts, status, cause);

    let response: Response | null = null;
    attempts++;
    try {
      response = await operation({ attempt: attempts });
    } catch (error) {
      status = null;
      cause = error;
    }

    if (response) {
      if (response.ok) {
        breaker.success(pass);
        return response;
      }
      status = response.status;
      cause = response;
      if (!TRANSIENT.has(response.status)) {
        breaker.permanent(pass);
        throw new RetryError('NON_RETRYABLE', attempts, status, cause);
      }
    }

    const opening = breaker.opening;
    breaker.transient(pass, options.breaker);
    if (attempts >= options.maxAttempts) throw new RetryError('RETRIES_EXHAUSTED', attempts, status, cause);
    if (opening.aborted || breaker.isOpen) throw new RetryError('CIRCUIT_OPEN', attempts, status, cause);

    const backoff = Delays.exponential(attempts, options.baseDelayMs, options.maxDelayMs);
    const ms = Math.max(backoff, response ? Delays.requested(response) : 0);
    if ((await wait(ms, opening)) === 'interrupted') {
      throw new RetryError('CIRCUIT_OPEN', attempts, status, cause);
    }
  }
}
