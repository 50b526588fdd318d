const T = new Set([408, 425, 429, 500, 502, 503, 504]), M = 2 ** 31 - 1
const b = { n: 0, t: 0, s: 0, p: null } // failures, time of half-open, state (0 closed, 1 open, 2 half-open), trial

const nap = ms => new Promise(r => setTimeout(r, ms))
const sleep = async ms => { for (; ms > M; ms -= M) await nap(M); await nap(ms) }

const D = [/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/, /^\w{6,9}, \d\d-\w{3}-\d\d [\d:]{8} GMT$/, /^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}$/]
const ra = r => {
  if (r?.status !== 429 && r?.status !== 503) return 0
  const v = r.headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(v)) return v * 1e3
  const i = D.findIndex(d => d.test(v))
  return i < 0 ? 0 : Math.max(0, (Date.parse(i > 1 ? v + ' GMT' : v) || 0) - Date.now())
}

const enter = () => {
  if (b.s === 1 && performance.now() >= b.t) b.s = 2
  if (b.s === 1 || b.p) return
  const id = {}
  if (b.s) b.p = id
  return id
}

const leave = (id, ok, { failureThreshold: f, resetTimeoutMs: ms }) => {
  if (b.s && b.p !== id) return
  b.p = null
  if (ok) b.n = b.s = 0
  else if (ok === false && (++b.n >= f || b.s)) b.s = 1, b.t = performance.now() + ms
}

const err = (code, attempts, lastStatus, cause) => Object.assign(Error(code, { cause }), { code, attempts, lastStatus })

export async function executeWithRetry(op, { maxAttempts, baseDelayMs, maxDelayMs, breaker }) {
  for (let n = 0, st = null, why; ;) {
    const id = enter()
    if (!id) throw err('CIRCUIT_OPEN', n, st, why)
    const [r, e] = await new Promise(f => f(op({ attempt: ++n }))).then(r => [r], e => [null, e])
    st = r ? r.status : null
    why = r ?? e
    const ok = r ? (st >= 200 && st < 300) || (T.has(st) ? false : undefined) : false
    leave(id, ok, breaker)
    if (ok) return r
    if (ok === undefined) throw err('NON_RETRYABLE', n, st, why)
    if (n >= maxAttempts) throw err('RETRIES_EXHAUSTED', n, st, why)
    if (b.s === 1) throw err('CIRCUIT_OPEN', n, st, why)
    await sleep(Math.max(ra(r), Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(n - 1, 99))))
  }
}
