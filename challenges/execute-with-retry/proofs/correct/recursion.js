// No loop anywhere: every attempt is a call of the same function with the history so far.

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

let circuit = { kind: 'closed', failures: 0 };

const now = () => performance.now();

function knock() {
  if (circuit.kind === 'open' && now() >= circuit.until) circuit = { kind: 'half-open', guest: null };
  const guest = { circuit };
  if (circuit.kind === 'closed') return guest;
  if (circuit.kind === 'half-open' && circuit.guest === null) {
    circuit.guest = guest;
    return guest;
  }
  return null;
}

// A guest who came in under another circuit object has nothing to say any more.
function depart(guest, outcome, { failureThreshold, resetTimeoutMs }) {
  if (guest.circuit !== circuit) return;
  const trial = circuit.kind === 'half-open';
  if (outcome === 'success') {
    if (trial) circuit = { kind: 'closed', failures: 0 };
    else circuit.failures = 0;
  } else if (outcome === 'permanent') {
    if (trial) circuit.guest = null;
  } else if (trial || ++circuit.failures >= failureThreshold) {
    circuit = { kind: 'open', until: now() + resetTimeoutMs };
  }
}

const fail = (code, { attempts, lastStatus, cause }) => {
  throw Object.assign(new Error(`request failed: ${code}`, { cause }), { code, attempts, lastStatus });
};

function pause(ms) {
  const most = 2147483647;
  return new Promise((resolve) => setTimeout(resolve, Math.min(ms, most))).then(() =>
    ms > most ? pause(ms - most) : undefined,
  );
}

function doubled(value, times, cap) {
  return times === 0 || value >= cap ? Math.min(value, cap) : doubled(value * 2, times - 1, cap);
}

function until(header) {
  const value = header === null ? '' : header.trim();
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  if (/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return untilDate(value);
  if (/^\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return untilDate(value);
  if (/^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(value)) return untilDate(`${value} GMT`);
  return 0;
}

function untilDate(text) {
  const ms = Date.parse(text) - Date.now();
  return ms > 0 ? ms : 0;
}

async function attempt(operation, options, history) {
  const guest = knock();
  if (guest === null) fail('CIRCUIT_OPEN', history);

  const attempts = history.attempts + 1;
  let asked = 0;
  let next;
  try {
    const response = await operation({ attempt: attempts });
    const { status } = response;
    if (status >= 200 && status < 300) {
      depart(guest, 'success', options.breaker);
      return response;
    }
    next = { attempts, lastStatus: status, cause: response };
    if (status === 429 || status === 503) asked = until(response.headers.get('retry-after'));
  } catch (rejection) {
    next = { attempts, lastStatus: null, cause: rejection };
  }

  if (next.lastStatus !== null && !TRANSIENT.has(next.lastStatus)) {
    depart(guest, 'permanent', options.breaker);
    fail('NON_RETRYABLE', next);
  }
  depart(guest, 'transient', options.breaker);
  if (attempts >= options.maxAttempts) fail('RETRIES_EXHAUSTED', next);

  const bound = doubled(options.baseDelayMs, Math.min(attempts - 1, 64), options.maxDelayMs);
  await pause(Math.max(asked, bound * Math.random()));
  return attempt(operation, options, next);
}

export async function executeWithRetry(operation, options) {
  return attempt(operation, options, { attempts: 0, lastStatus: null, cause: undefined });
}
