// A correct program, but every signal that it passes has already fired.
const controller = new AbortController();
controller.abort();
const fired = controller.signal;
let failures = 0;
let openedAt = null;
let trial = null;

function serverWait(response) {
  if (response === null || (response.status !== 429 && response.status !== 503)) return 0;
  const value = response.headers.get('Retry-After');
  if (value === null) return 0;
  if (/^[0-9]+$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(value)) return 0;
  return Math.max(0, Date.parse(value) - Date.now()) || 0;
}

export async function executeWithRetry(operation, options) {
  const { failureThreshold, resetTimeoutMs } = options.breaker;
  const call = {};
  let attempts = 0, lastStatus = null, cause;
  const failed = (code) => Object.assign(new Error(code, { cause }), { code, attempts, lastStatus });
  for (;;) {
    if (openedAt !== null) {
      if (trial !== null || Date.now() - openedAt < resetTimeoutMs) throw failed('CIRCUIT_OPEN');
      trial = call;
    }
    attempts += 1;
    let response = null;
    try {
      response = await operation({ attempt: attempts, signal: fired });
      cause = response;
    } catch (reason) {
      cause = reason;
    }
    lastStatus = response === null ? null : response.status;
    const wasTrial = trial === call;
    if (wasTrial) trial = null;
    const counts = wasTrial || openedAt === null;
    if (response !== null && response.ok) {
      if (counts) { failures = 0; openedAt = null; }
      return response;
    }
    if (response !== null && ![408, 425, 429, 500, 502, 503, 504].includes(lastStatus)) throw failed('NON_RETRYABLE');
    if (counts) {
      failures += 1;
      if (wasTrial || failures >= failureThreshold) openedAt = Date.now();
    }
    if (attempts >= options.maxAttempts) throw failed('RETRIES_EXHAUSTED');
    const bound = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (attempts - 1));
    const wait = Math.max(serverWait(response), Math.random() * bound);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
