// Rejects with an error that is its own cause.
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  const error = new Error('round');
  error.cause = { cause: error, self: error };
  error.cause.cause.cause = error;
  throw Object.assign(error, { code: 'RETRIES_EXHAUSTED', attempts: 1, lastStatus: response.status ?? null });
}
