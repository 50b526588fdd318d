// What every adapter in this folder needs of the contract, whatever library it wraps.

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

// One failed attempt. `cause` is the response, or whatever the operation rejected with.
export class AttemptFailed extends Error {
  constructor(cause, status = null) {
    super(status === null ? 'the request got no response' : `the request got status ${status}`, { cause });
    this.status = status;
    this.permanent = status !== null && !TRANSIENT.has(status);
  }
}

// Libraries retry what rejects, so a response that is not a success is turned into a rejection.
export async function send(operation, attempt) {
  let response;
  try {
    response = await operation({ attempt });
  } catch (rejection) {
    throw new AttemptFailed(rejection);
  }
  if (response.status < 200 || response.status > 299) throw new AttemptFailed(response, response.status);
  return response;
}

// The structured error of a call that made `attempts` attempts, the last of which ended with `failure`.
export function rejection(code, attempts, failure) {
  const error = new Error(`${code} after ${attempts} attempts`, { cause: failure?.cause });
  return Object.assign(error, { code, attempts, lastStatus: failure?.status ?? null });
}

export function gaveUp(attempts, failure) {
  return rejection(failure.permanent ? 'NON_RETRYABLE' : 'RETRIES_EXHAUSTED', attempts, failure);
}
