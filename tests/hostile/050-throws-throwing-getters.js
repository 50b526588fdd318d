// Rejects with an error whose fields throw.
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  throw new Proxy(new Error('no'), {
    get(target, key) { throw new TypeError(`hands off ${String(key)}`); },
  });
}
