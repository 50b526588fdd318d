// `for await` over an async generator that paces the attempts of one call.

interface Options {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: { failureThreshold: number; resetTimeoutMs: number };
}

type Operation = (context: { attempt: number }) => Promise<Response>;

class Gate {
  private opened: { at: number; for: number } | undefined;
  private streak = 0;
  private holder: symbol | undefined;

  public ask(): symbol | undefined {
    const key = Symbol('attempt');
    if (!this.opened) return key;
    if (performance.now() < this.opened.at + this.opened.for) return undefined;
    if (this.holder) return undefined;
    return (this.holder = key);
  }

  public succeeded(key: symbol): void {
    if (this.opened && this.holder !== key) return;
    this.opened = undefined;
    this.holder = undefined;
    this.streak = 0;
  }

  public refused(key: symbol): void {
    if (this.holder === key) this.holder = undefined;
  }

  public failed(key: symbol, { failureThreshold, resetTimeoutMs }: Options['breaker']): void {
    if (this.opened && this.holder !== key) return;
    this.streak += 1;
    if (this.opened || this.streak >= failureThreshold) {
      this.opened = { at: performance.now(), for: resetTimeoutMs };
      this.holder = undefined;
    }
  }
}

const gate = new Gate();

class Pacer {
  /** The least that the next wait has to last, as the server asked for. */
  floor = 0;

  constructor(private readonly options: Options) {}

  async *attempts(): AsyncGenerator<number> {
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.options;
    let bound = Math.min(baseDelayMs, maxDelayMs);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      if (attempt > 1) {
        await Pacer.sleep(Math.max(this.floor, bound * Math.random()));
        bound = Math.min(maxDelayMs, bound * 2);
      }
      this.floor = 0;
      yield attempt;
    }
  }

  private static async sleep(ms: number): Promise<void> {
    const max = 2 ** 31 - 1;
    while (ms > max) {
      await new Promise((r) => setTimeout(r, max));
      ms -= max;
    }
    await new Promise((r) => setTimeout(r, ms));
  }
}

const Transient = [408, 425, 429, 500, 502, 503, 504] as const;

const isTransient = (status: number): boolean => (Transient as readonly number[]).includes(status);

function floorOf(response: Response): number {
  if (response.status !== 429 && response.status !== 503) return 0;
  const value = response.headers.get('Retry-After')?.trim();
  if (value === undefined || value === '') return 0;
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000;

  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const match =
    /^[A-Z][a-z]{2,8}, (?<d>[0-3]\d)[ -](?<m>[A-Z][a-z]{2})[ -](?<y>\d\d(?:\d\d)?) (?<t>\d\d:\d\d:\d\d) GMT$/.exec(value) ??
    /^[A-Z][a-z]{2} (?<m>[A-Z][a-z]{2}) (?<d>[ 0-3]\d) (?<t>\d\d:\d\d:\d\d) (?<y>\d{4})$/.exec(value);
  if (!match?.groups) return 0;
  const { d, m, y, t } = match.groups;
  const month = months.indexOf(m);
  if (month < 0) return 0;
  const two = (n: number) => String(n).padStart(2, '0');
  const year = y.length === 4 ? y : y < '50' ? `20${y}` : `19${y}`;
  const time = Date.parse(`${year}-${two(month + 1)}-${two(Number(d))}T${t}Z`);
  return Number.isNaN(time) ? 0 : Math.max(0, time - Date.now());
}

class RetryError extends Error {
  constructor(
    public readonly code: 'NON_RETRYABLE' | 'RETRIES_EXHAUSTED' | 'CIRCUIT_OPEN',
    public readonly attempts: number,
    public readonly lastStatus: number | null,
    cause: unknown,
  ) {
    super(`${code} after ${attempts}`, { cause });
  }
}

export async function executeWithRetry(operation: Operation, options: Options): Promise<Response> {
  const pacer = new Pacer(options);
  let made = 0;
  let lastStatus: number | null = null;
  let cause: unknown;

  for await (const attempt of pacer.attempts()) {
    const key = gate.ask();
    if (key === undefined) throw new RetryError('CIRCUIT_OPEN', made, lastStatus, cause);

    made = attempt;
    try {
      const response = await operation({ attempt });
      if (response.ok) {
        gate.succeeded(key);
        return response;
      }
      lastStatus = response.status;
      cause = response;
      pacer.floor = floorOf(response);
    } catch (error) {
      lastStatus = null;
      cause = error;
    }

    if (lastStatus !== null && !isTransient(lastStatus)) {
      gate.refused(key);
      throw new RetryError('NON_RETRYABLE', made, lastStatus, cause);
    }
    gate.failed(key, options.breaker);
  }

  throw new RetryError('RETRIES_EXHAUSTED', made, lastStatus, cause);
}
