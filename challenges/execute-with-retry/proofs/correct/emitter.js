// Parts that speak through events: a call announces what happened to it, the breaker listens and answers.
// The square root of a draw makes long waits the common ones; the whole bound stays in play.

class Emitter {
  #listeners = new Map();

  on(type, listener) {
    const all = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, [...all, listener]);
    return this;
  }

  emit(type, ...details) {
    for (const listener of this.#listeners.get(type) ?? []) listener(...details);
  }
}

class Breaker {
  constructor() {
    this.state = 'closed';
    this.count = 0;
    this.since = 0;
    this.resetTimeoutMs = 0;
    this.trial = null;
  }

  watch(call) {
    call
      .on('success', (run) => this.#heard(run, () => this.#close()))
      .on('permanent', (run) => this.#heard(run, () => (this.trial = null)))
      .on('transient', (run) => this.#heard(run, () => this.#strike(call.options.breaker)));
  }

  admits(run) {
    if (this.state === 'open' && Date.now() - this.since >= this.resetTimeoutMs) this.state = 'half-open';
    if (this.state === 'half-open' && this.trial === null) this.trial = run;
    return this.state === 'closed' || this.trial === run;
  }

  #heard(run, react) {
    if (this.state === 'closed' || this.trial === run) react();
  }

  #strike({ failureThreshold, resetTimeoutMs }) {
    this.count += 1;
    if (this.state === 'closed' && this.count < failureThreshold) return;
    this.state = 'open';
    this.since = Date.now();
    this.resetTimeoutMs = resetTimeoutMs;
    this.trial = null;
  }

  #close() {
    this.state = 'closed';
    this.count = 0;
    this.trial = null;
  }
}

const breaker = new Breaker();

class Call extends Emitter {
  static transient = [408, 425, 429, 500, 502, 503, 504];

  attempts = 0;
  lastStatus = null;
  cause = null;

  constructor(operation, options) {
    super();
    this.operation = operation;
    this.options = options;
    breaker.watch(this); // first, for the breaker has to hear of a failure before the call goes on
    this.on('transient', (run, asked) => this.#again(asked));
    this.on('permanent', () => this.#fail('NON_RETRYABLE'));
  }

  start() {
    const run = { number: this.attempts + 1 };
    if (!breaker.admits(run)) return this.#fail('CIRCUIT_OPEN');
    this.attempts = run.number;
    this.#perform(run).then(
      (response) => this.#answered(run, response),
      (error) => {
        this.lastStatus = null;
        this.cause = error;
        this.emit('transient', run, 0);
      },
    );
  }

  async #perform(run) {
    return this.operation({ attempt: run.number });
  }

  #answered(run, response) {
    if (response.ok) {
      this.emit('success', run);
      return this.emit('done', response);
    }
    this.lastStatus = response.status;
    this.cause = response;
    const kind = Call.transient.includes(response.status) ? 'transient' : 'permanent';
    this.emit(kind, run, askedMs(response));
  }

  #again(asked) {
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.options;
    if (this.attempts >= maxAttempts) return this.#fail('RETRIES_EXHAUSTED');
    if (breaker.state === 'open') return this.#fail('CIRCUIT_OPEN');
    const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(this.attempts - 1, 128));
    later(Math.max(asked, bound * Math.sqrt(Math.random())), () => this.start());
  }

  #fail(code) {
    const { attempts, lastStatus, cause } = this;
    const error = new Error(`call failed: ${code}`);
    this.emit('failed', Object.assign(error, { code, attempts, lastStatus, cause }));
  }
}

function later(ms, action) {
  const most = 2147483647;
  if (ms > most) setTimeout(later, most, ms - most, action);
  else setTimeout(action, ms);
}

function askedMs(response) {
  if (response.status !== 429 && response.status !== 503) return 0;
  const text = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const comma = /^[A-Z][a-z]{2,8}, [\d]{2}(?: [A-Z][a-z]{2} \d{4}|-[A-Z][a-z]{2}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/;
  const bare = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
  const due = comma.test(text) ? Date.parse(text) : bare.test(text) ? Date.parse(`${text} GMT`) : 0;
  return due > Date.now() ? due - Date.now() : 0;
}

export async function executeWithRetry(operation, options) {
  return new Promise((resolve, reject) => {
    const call = new Call(operation, options);
    call.on('done', resolve).on('failed', reject);
    call.start();
  });
}
