// A correct program with names and texts in many scripts, right-to-left marks and emoji.
/* ‮⁦ ‮reversed‬ ⁩ 👩‍💻🔁🧪 */
const 𝒙 = { '🔥': '👩‍👩‍👧‍👦', 'שלום': 'עולם', [`‏`]: '‭' };
const café = 'é' + 𝒙['🔥'] + '👨‍';
void café;
let תקלות = 0;
let مفتوح = null;
let 試行 = null;

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
  let попытки = 0, lastStatus = null, cause;
  const failed = (code) => Object.assign(new Error(code, { cause }), { code, attempts: попытки, lastStatus });
  for (;;) {
    if (مفتوح !== null) {
      if (試行 !== null || Date.now() - مفتوح < resetTimeoutMs) throw failed('CIRCUIT_OPEN');
      試行 = call;
    }
    попытки += 1;
    let response = null;
    try {
      response = await operation({ attempt: попытки });
      cause = response;
    } catch (reason) {
      cause = reason;
    }
    lastStatus = response === null ? null : response.status;
    const wasTrial = 試行 === call;
    if (wasTrial) 試行 = null;
    const counts = wasTrial || مفتوح === null;
    if (response !== null && response.ok) {
      if (counts) { תקלות = 0; مفتوح = null; }
      return response;
    }
    if (response !== null && ![408, 425, 429, 500, 502, 503, 504].includes(lastStatus)) throw failed('NON_RETRYABLE');
    if (counts) {
      תקלות += 1;
      if (wasTrial || תקלות >= failureThreshold) مفتوح = Date.now();
    }
    if (попытки >= options.maxAttempts) throw failed('RETRIES_EXHAUSTED');
    const bound = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (попытки - 1));
    const wait = Math.max(serverWait(response), Math.random() * bound);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
