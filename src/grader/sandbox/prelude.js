// The candidate's world inside the engine. It runs once, before any candidate's code, and is then part of the image.
// Everything that it uses later is captured here, so that nothing which a submission replaces is ever called.
(function (g, host) {
  'use strict';
  const { flush, say, log } = host;
  const { apply, defineProperty, ownKeys } = Reflect;
  const P = Promise, E = Error, TE = TypeError, DE = DOMException, S = String;
  const then = P.prototype.then, errorProto = E.prototype, isPrototypeOf = Object.prototype.isPrototypeOf;
  const parse = JSON.parse, slice = S.prototype.slice, fromCharCode = S.fromCharCode, lower = S.prototype.toLowerCase;
  const indexOf = S.prototype.indexOf;
  const withResolvers = P.withResolvers.bind(P);
  // An array that inherits nothing, so that no submission sees what is written to it.
  const list = () => Object.setPrototypeOf([undefined], null);

  // The mailbox, in memory that the host reads and writes: an event in, commands out, random numbers, the time.
  const EVENT = 1, RANDOM = 8, NOW = 9, READS = 10, LOGGING = 11, ORIGIN = 12, COUNT = 13, COMMANDS = 64;
  const box = new Float64Array(4096);
  const text = new Uint8Array(box.buffer, 4000 * 8, 96 * 8);
  const limit = 3980;

  const put = (kind, a, b, c) => {
    let at = box[0];
    if (at > limit) { flush(); at = box[0]; }
    box[at] = kind; box[at + 1] = a; box[at + 2] = b; box[at + 3] = c;
    box[0] = at + 4;
  };
  const random = () => {
    let at = box[RANDOM];
    if (at >= COMMANDS) { flush(); at = box[RANDOM]; }
    box[RANDOM] = at + 1;
    return box[at];
  };
  const fixed = (object, name, value) => defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false });

  // --- time and chance ---
  // By number: a function that is run once and without arguments, or all that is known of another timer.
  const timers = list();
  let lastTimer = 0;
  const set = (run, ms, args, kind) => {
    ms = +ms;
    const id = ++lastTimer;
    timers[id] = kind === 1 || args.length > 0 ? { run, args, again: kind === 1 } : run;
    put(1, id, ms, kind);
    return id;
  };
  const clear = (id) => {
    if (typeof id === 'number' && timers[id] !== undefined) { timers[id] = undefined; put(2, id, 0, 0); }
  };
  const fire = (id) => {
    const timer = timers[id];
    if (timer === undefined) return;
    const once = typeof timer === 'function';
    if (once || !timer.again) timers[id] = undefined;
    try { if (once) timer(); else apply(timer.run, undefined, timer.args); } catch (e) { print('Uncaught', e); }
  };
  const callable = (f) => { if (typeof f !== 'function') throw new TE('the first argument must be a function'); };
  fixed(g, 'setTimeout', function setTimeout(f, ms = 0, ...args) { callable(f); return set(f, ms, args, 0); });
  fixed(g, 'setInterval', function setInterval(f, ms = 0, ...args) { callable(f); return set(f, ms, args, 1); });
  fixed(g, 'clearTimeout', function clearTimeout(id) { clear(id); });
  fixed(g, 'clearInterval', function clearInterval(id) { clear(id); });
  const resolved = P.resolve();
  fixed(g, 'queueMicrotask', function queueMicrotask(f) { callable(f); apply(then, resolved, [() => { f(); }]); });
  fixed(Math, 'random', function random_() { return random(); });
  defineProperty(Math.random, 'name', { value: 'random' });
  const performance = {
    now() { box[READS]++; return box[NOW]; },
    get timeOrigin() { box[READS]++; return box[ORIGIN]; },
  };
  fixed(g, 'performance', performance);

  // --- signals ---
  class AbortSignal {
    #aborted = false;
    #reason = undefined;
    #listeners = [];
    #steps = [];
    onabort = null;
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    addEventListener(type, listener, options) {
      if (type !== 'abort' || listener == null) return;
      const once = typeof options === 'object' && options !== null && !!options.once;
      for (let i = 0; i < this.#listeners.length; i++) if (this.#listeners[i].listener === listener) return;
      defineProperty(this.#listeners, this.#listeners.length, { value: { listener, once }, writable: true, configurable: true, enumerable: true });
    }
    removeEventListener(type, listener) {
      const kept = [];
      for (let i = 0; i < this.#listeners.length; i++) {
        if (this.#listeners[i].listener !== listener) kept[kept.length] = this.#listeners[i];
      }
      this.#listeners = kept;
    }
    dispatchEvent(event) { this.#tell(event); return true; }
    #tell(event) {
      const listeners = this.#listeners;
      const heard = [];
      for (let i = 0; i < listeners.length; i++) heard[i] = listeners[i];
      this.#listeners = [];
      for (let i = 0; i < heard.length; i++) if (!heard[i].once) this.#listeners[this.#listeners.length] = heard[i];
      const on = this.onabort;
      if (typeof on === 'function') quietly(on, this, event);
      for (let i = 0; i < heard.length; i++) {
        const { listener } = heard[i];
        if (typeof listener === 'function') quietly(listener, this, event);
        else if (typeof listener.handleEvent === 'function') quietly(listener.handleEvent, listener, event);
      }
    }
    #fire(reason) {
      if (this.#aborted) return;
      this.#aborted = true;
      this.#reason = reason === undefined ? new DE('This operation was aborted', 'AbortError') : reason;
      const steps = this.#steps;
      this.#steps = [];
      for (let i = 0; i < steps.length; i++) steps[i]();
      this.#tell({ type: 'abort', target: this, currentTarget: this });
    }
    static abort(reason) { const s = new AbortSignal(); s.#fire(reason); return s; }
    static timeout(ms) {
      const s = new AbortSignal();
      set(() => s.#fire(new DE('The operation timed out', 'TimeoutError')), ms, [], 2);
      return s;
    }
    // The host's own doors; deleted from the class below.
    static is(s) { return typeof s === 'object' && s !== null && #aborted in s; }
    static isAborted(s) { return s.#aborted; }
    static onceAborted(s, step) { s.#steps[s.#steps.length] = step; }
    static fire(s, reason) { s.#fire(reason); }
  }
  const { is: isSignal, isAborted, onceAborted, fire: fireSignal } = AbortSignal;
  for (const name of ['is', 'isAborted', 'fire', 'onceAborted']) delete AbortSignal[name];
  fixed(AbortSignal, 'any', function any(signals) {
    const joined = new AbortSignal();
    for (const signal of signals) {
      if (isAborted(signal)) fireSignal(joined, signal.reason);
      else onceAborted(signal, () => fireSignal(joined, signal.reason));
    }
    return joined;
  });
  class AbortController {
    #signal = new AbortSignal();
    get signal() { return this.#signal; }
    abort(reason) { fireSignal(this.#signal, reason); }
  }
  fixed(g, 'AbortSignal', AbortSignal);
  fixed(g, 'AbortController', AbortController);

  // --- console and cloning ---
  const show = (value, depth = 0) => {
    try {
      if (typeof value === 'string') return depth ? JSON.stringify(value) : value;
      if (typeof value === 'function') return 'a function';
      if (typeof value !== 'object' || value === null) return S(value);
      if (apply(isPrototypeOf, errorProto, [value])) return S(value.name) + ': ' + S(value.message);
      if (depth > 2) return 'an object';
      const keys = ownKeys(value);
      let out = '';
      for (let i = 0; i < keys.length && i < 8; i++) {
        if (typeof keys[i] === 'string') out += (out ? ', ' : '') + keys[i] + ': ' + show(value[keys[i]], depth + 1);
      }
      return '{' + out + '}';
    } catch {
      return 'something unreadable';
    }
  };
  const short = (value) => { const s = show(value); return s.length > 200 ? apply(slice, s, [0, 200]) + '…' : s; };
  // Where an error was made, for the host to find in the submitted file.
  const place = (value) => {
    const stack = typeof value === 'object' && value !== null && apply(isPrototypeOf, errorProto, [value]) ? read(value, 'stack') : '';
    const at = typeof stack === 'string' ? apply(indexOf, stack, ['submission:']) : -1;
    return at < 0 ? '' : '\u0001' + apply(slice, stack, [at + 11, at + 30]);
  };
  const print = function (...args) {
    if (!box[LOGGING]) return;
    let line = '', where = '';
    for (let i = 0; i < args.length; i++) { line += (i ? ' ' : '') + short(args[i]); where = where || place(args[i]); }
    log(line + where);
  };
  const silent = function () {};
  const console = {};
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupCollapsed']) console[name] = (...args) => print(...args);
  for (const name of ['groupEnd', 'assert', 'count', 'countReset', 'time', 'timeEnd', 'timeLog', 'clear']) console[name] = silent;
  fixed(g, 'console', console);

  const clone = (value, seen) => {
    if (typeof value === 'function' || typeof value === 'symbol') throw new DE('could not be cloned', 'DataCloneError');
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    let copy;
    if (value instanceof Date) return new Date(+value);
    if (value instanceof RegExp) return new RegExp(value.source, value.flags);
    if (value instanceof Map) { copy = new Map(); seen.set(value, copy); for (const [k, v] of value) copy.set(clone(k, seen), clone(v, seen)); return copy; }
    if (value instanceof Set) { copy = new Set(); seen.set(value, copy); for (const v of value) copy.add(clone(v, seen)); return copy; }
    if (value instanceof ArrayBuffer) return value.slice(0);
    if (ArrayBuffer.isView(value)) return new value.constructor(value);
    if (value instanceof Error) { copy = new Error(value.message); copy.name = value.name; copy.stack = value.stack; if ('cause' in value) copy.cause = clone(value.cause, seen); return copy; }
    copy = Array.isArray(value) ? [] : {};
    seen.set(value, copy);
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  };
  fixed(g, 'structuredClone', function structuredClone(value) { return clone(value, new Map()); });

  // --- what an operation settles with ---
  // A stamp that cannot be forged or removed: which attempt a rejection belongs to. A response bears its own.
  class Itself { constructor(object) { return object; } }
  class Stamp extends Itself {
    #op;
    constructor(object, op) { super(object); this.#op = op; }
    static on(value) { return #op in value ? value.#op : -1; }
  }
  const stampOn = Stamp.on;
  class Headers {
    #retryAfter;
    constructor(value) { this.#retryAfter = value; }
    get(name) {
      const n = name === 'retry-after' ? name : apply(lower, S(name), []);
      return n === 'retry-after' ? this.#retryAfter : n === 'content-type' ? 'application/json' : null;
    }
    has(name) { return this.get(name) !== null; }
    *entries() { yield ['content-type', 'application/json']; if (this.#retryAfter !== null) yield ['retry-after', this.#retryAfter]; }
    *keys() { for (const [k] of this.entries()) yield k; }
    *values() { for (const [, v] of this.entries()) yield v; }
    forEach(f) { for (const [k, v] of this.entries()) f(v, k, this); }
    [Symbol.iterator]() { return this.entries(); }
  }
  const reasons = { __proto__: null, 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 408: 'Request Timeout', 409: 'Conflict', 410: 'Gone', 422: 'Unprocessable Content', 425: 'Too Early', 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' };
  // Most programs look at the status alone, so the rest is made when it is asked for.
  let bornOp = -1, bornStatus = 0, bornRest = null;
  class Response {
    #op = bornOp;
    #status = bornStatus;
    #rest = bornRest;
    static opOf(value) { return #op in value ? value.#op : -1; }
    #all() { return this.#rest ??= { retryAfter: null, truncated: false, headers: null, used: false }; }
    get status() { return this.#status; }
    get ok() { return this.#status >= 200 && this.#status < 300; }
    get statusText() { return reasons[this.#status] ?? ''; }
    get headers() { const all = this.#all(); return all.headers ??= new Headers(all.retryAfter); }
    get url() { return 'https://api.example/resource'; }
    get type() { return 'basic'; }
    get redirected() { return false; }
    get body() { return null; }
    get bodyUsed() { return this.#all().used; }
    #read() {
      const all = this.#all();
      if (all.used) throw new TE('body used already');
      all.used = true;
      if (this.#status === 204) return '';
      return this.#status >= 400 ? '{"error":"' + this.#status + '"}' : all.truncated ? '{"ok":tr' : '{"ok":true}';
    }
    async text() { return this.#read(); }
    async json() { return parse(this.#read()); }
    async arrayBuffer() { const s = this.#read(); const b = new Uint8Array(s.length); for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i); return b.buffer; }
    clone() { const { retryAfter, truncated } = this.#all(); return respond(this.#status, retryAfter, truncated, -1); }
  }
  const respond = (status, retryAfter, truncated, op) => {
    bornOp = op;
    bornStatus = status;
    bornRest = retryAfter === null && !truncated ? null : { retryAfter, truncated, headers: null, used: false };
    const response = new Response();
    bornOp = -1;
    bornRest = null;
    return response;
  };
  const { opOf } = Response;
  delete Response.opOf;
  // Which attempt a value is the outcome of, or -1.
  const stampOf = (value) => {
    if (typeof value !== 'object' || value === null) return -1;
    const op = opOf(value);
    return op < 0 ? stampOn(value) : op;
  };

  const operations = list();
  let lastOp = 0;
  const makeOperation = (call) => function operation(context) {
    const id = ++lastOp;
    const waiting = withResolvers();
    operations[id] = waiting;
    put(3, id, call, 0);
    let signal;
    try { signal = context === undefined || context === null ? undefined : context.signal; } catch { signal = undefined; }
    if (signal !== undefined && isSignal(signal)) {
      const abort = () => {
        if (operations[id] === undefined) return;
        operations[id] = undefined;
        put(4, id, 0, 0);
        const error = new DE('This operation was aborted', 'AbortError');
        new Stamp(error, id);
        waiting.reject(error);
      };
      if (isAborted(signal)) abort(); else onceAborted(signal, abort);
    }
    return waiting.promise;
  };
  const codes = ['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND'];
  const failure = (which) => {
    if (which >= codes.length) return new E('the request was refused');
    const cause = new E('request failed: ' + codes[which]);
    cause.code = codes[which];
    return new TE('fetch failed', { cause });
  };
  const readText = (length) => { let s = ''; for (let i = 0; i < length; i++) s += fromCharCode(text[i]); return s; };

  // --- calls ---
  let namespace = null;
  const isError = (e) => typeof e === 'object' && e !== null && apply(isPrototypeOf, errorProto, [e]);
  const known = ['RETRIES_EXHAUSTED', 'CIRCUIT_OPEN', 'NON_RETRYABLE'];
  const read = (object, name) => { try { return object[name]; } catch { return undefined; } };
  // The words by which an error names what it wraps, and the attempt that it holds, if any.
  const naming = ['name', 'message', 'code', 'status', 'statusCode'], holding = ['cause', 'response'];
  const words = (e, depth) => {
    let out = '';
    for (let i = 0; i < naming.length; i++) {
      const value = read(e, naming[i]);
      if (typeof value === 'string' || typeof value === 'number') out += ' ' + apply(slice, S(value), [0, 300]);
    }
    const inner = read(e, 'cause');
    return depth < 3 && isError(inner) ? out + words(inner, depth + 1) : out;
  };
  const holds = (e, depth) => {
    let op = stampOf(e);
    for (let i = 0; i < holding.length; i++) {
      if (op >= 0 || depth > 3) return op;
      const inner = read(e, holding[i]);
      op = isError(inner) ? holds(inner, depth + 1) : stampOf(inner);
    }
    return op;
  };
  const settledWith = (call, value) => {
    const op = stampOf(value);
    if (op < 0 || isError(value)) { say(short(value)); put(5, call, -1, 0); } else put(5, call, op, 0);
  };
  const rejectedWith = (call, e) => {
    const real = isError(e);
    const code = typeof e === 'object' && e !== null ? read(e, 'code') : undefined;
    let which = 3;
    for (let i = 0; i < 3; i++) if (code === known[i]) which = i;
    const attempts = real ? read(e, 'attempts') : undefined;
    const status = real ? read(e, 'lastStatus') : undefined;
    const cause = real ? read(e, 'cause') : undefined;
    let kind = 0, op = -1;
    if (cause !== undefined && cause !== null) {
      op = stampOf(cause);
      if (op < 0 && isError(cause)) op = holds(cause, 0);
      if (op >= 0) kind = 1;
      else { kind = isError(cause) ? 2 : 3; say(isError(cause) ? words(cause, 0) : short(cause)); }
    }
    if (which === 3) print('The call was rejected with', e);
    if (!real || which === 3) say(real ? 'code ' + short(code) : short(e));
    put(6, call, real ? 1 : 0, which);
    put(7, typeof attempts === 'number' ? attempts : NaN, status === null ? -1 : typeof status === 'number' ? status : -2, kind * 4294967296 + (op < 0 ? 0 : op));
  };
  const start = (call) => {
    const options = { maxAttempts: box[3], baseDelayMs: box[4], maxDelayMs: box[5], breaker: { failureThreshold: box[6], resetTimeoutMs: box[7] } };
    let result;
    try {
      result = (0, namespace.executeWithRetry)(makeOperation(call), options);
    } catch (e) {
      rejectedWith(call, e);
      return;
    }
    const good = (value) => settledWith(call, value), bad = (e) => rejectedWith(call, e);
    try {
      apply(then, result, [good, bad]);
    } catch {
      // Not a promise of this realm: adopt it as await would.
      apply(then, new P((resolve) => resolve(result)), [good, bad]);
    }
  };
  const quietly = (f, self, event) => { try { apply(f, self, [event]); } catch (e) { print('Uncaught', e); } };

  // --- what the host calls ---
  const step = () => {
    const kind = box[EVENT], id = box[2];
    if (kind === 1) {
      for (let i = 0, n = box[COUNT]; i < n; i++) start(id + i);
    } else if (kind === 2) {
      fire(id);
    } else {
      const operation = operations[id];
      if (operation === undefined) return;
      operations[id] = undefined;
      const status = box[3];
      if (status > 0) {
        operation.resolve(respond(status, box[5] < 0 ? null : readText(box[5]), box[4] === 1, id));
      } else {
        const error = failure(-status);
        new Stamp(error, id);
        operation.reject(error);
      }
    }
  };
  const load = (ns) => {
    namespace = ns;
    const f = ns.executeWithRetry;
    if (typeof f === 'function') return 1;
    let names = '';
    const keys = ownKeys(ns);
    for (let i = 0; i < keys.length; i++) if (typeof keys[i] === 'string') names += (names ? ', ' : '') + keys[i];
    say(names);
    return f === undefined ? 0 : 2;
  };

  // Call sites would hand out the functions above, and species would let a submission see its own results being read.
  defineProperty(E, 'prepareStackTrace', { get() { return undefined; }, set() {}, configurable: false });
  defineProperty(P.prototype, 'constructor', { value: P, writable: false, configurable: false });
  defineProperty(P, Symbol.species, { configurable: false });
  return { step, load, mailbox: box.buffer };
})
