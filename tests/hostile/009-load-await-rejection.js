// A top-level await that rejects.
await Promise.reject(new Error('no'));

export async function executeWithRetry(operation) {
  return operation();
}
