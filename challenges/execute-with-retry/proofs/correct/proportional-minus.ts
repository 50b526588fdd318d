// Takes up to 40 % off the bound. The breaker lives in a namespace with private, non-exported state.

type Settings = {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: { failureThreshold: number; resetTimeoutMs: number };
};

type Reply = { status: number; ok: boolean; headers: { get(name: string): string | null } };

enum Kind {
  Success = 'success',
  Transient = 'transient',
  Permanent = 'permanent',
}

enum Code {
  NonRetryable = 'NON_RETRYABLE',
  Exhausted = 'RETRIES_EXHAUSTED',
  CircuitOpen = 'CIRCUIT_OPEN',
}

namespace Classifier {
  const transient = [408, 425, 429, 500, 502, 503, 504];

  export function classify(reply: Reply): Kind {
    if (reply.status >= 200 && reply.status < 300) return Kind.Success;
    return transient.includes(reply.status) ? Kind.Transient : Kind.Permanent;
  }
}

namespace Circuit {
  export type Pass = { readonly epoch: number };

  let epoch = 0;
  let mode: 'closed' | 'open' | 'half-open' = 'closed';
  let failures = 0;
  let reopenAt = 0;
  let occupied = false;

  function change(to: typeof mode): void {
    mode = to;
    epoch += 1;
    failures = 0;
    occupied = false;
  }

  export function request(): Pass | undefined {
    if (mode === 'open' && performance.now() >= reopenAt) change('half-open');
    if (mode === 'open' || occupied) return undefined;
    occupied = mode === 'half-open';
    return { epoch };
  }

  export function report(pass: Pass, kind: Kind, settings: Settings['breaker']): void {
    if (pass.epoch !== epoch) return;
    occupied = false;
    switch (kind) {
      case Kind.Success:
        if (mode === 'half-open') change('closed');
        failures = 0;
        break;
      case Kind.Transient:
        failures += 1;
        if (mode === 'half-open' || failures >= settings.failureThreshold) {
          change('open');
          reopenAt = performance.now() + settings.resetTimeoutMs;
        }
        break;
      case Kind.Permanent:
        break;
    }
  }
}

namespace Pace {
  const JITTER = 0.4;
  const LONGEST = 2 ** 31 - 1;

  export function backoff(retry: number, settings: Settings): number {
    const doublings = Math.min(retry - 1, 64);
    const bound = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** doublings);
    return bound - Math.random() * JITTER * bound;
  }

  export function demanded(reply: Reply | null, now: number): number {
    if (!reply || ![429, 503].includes(reply.status)) return 0;
    const header = reply.headers.get('retry-after');
    const value = header === null ? '' : header.trim();
    if (/^\d+$/.test(value)) return 1000 * +value;
    const date = /^[A-Z][a-z]+, \d\d[ -][A-Z][a-z][a-z][ -](?:\d\d){1,2} \d\d:\d\d:\d\d GMT$/;
    const asctime = /^[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
    const time = date.test(value) ? Date.parse(value) : asctime.test(value) ? Date.parse(value + ' GMT') : NaN;
    return time > now ? time - now : 0;
  }

  export async function pause(ms: number): Promise<void> {
    const once = (part: number) => new Promise<void>((done) => setTimeout(done, part));
    for (; ms > LONGEST; ms -= LONGEST) await once(LONGEST);
    await once(ms);
  }
}

class Failure extends Error {
  code: Code;
  attempts: number;
  lastStatus: number | null;

  constructor(code: Code, attempts: number, lastStatus: number | null, cause?: unknown) {
    super(`${code}: ${attempts} attempt(s), status ${lastStatus ?? 'none'}`, { cause });
    this.code = code;
    this.attempts = attempts;
    this.lastStatus = lastStatus;
  }
}

export async function executeWithRetry(operation: Function, options: Settings): Promise<Reply> {
  let lastStatus: number | null = null;
  let cause: unknown;

  for (let attempts = 0; ; ) {
    const pass = Circuit.request();
    if (!pass) throw new Failure(Code.CircuitOpen, attempts, lastStatus, cause);

    attempts += 1;
    let reply: Reply | null = null;
    let kind = Kind.Transient;
    try {
      reply = (await operation()) as Reply;
      kind = Classifier.classify(reply);
      lastStatus = reply.status;
      cause = new Error(`HTTP ${reply.status}`);
    } catch (error) {
      lastStatus = null;
      cause = error;
    }
    Circuit.report(pass, kind, options.breaker);

    if (kind === Kind.Success) return reply!;
    if (kind === Kind.Permanent) throw new Failure(Code.NonRetryable, attempts, lastStatus, cause);
    if (attempts >= options.maxAttempts) throw new Failure(Code.Exhausted, attempts, lastStatus, cause);

    const wait = Pace.backoff(attempts, options);
    await Pace.pause(Math.max(wait, Pace.demanded(reply, Date.now())));
  }
}
