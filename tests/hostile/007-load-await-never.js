// A top-level await that never settles.
await new Promise(() => {});

export async function executeWithRetry(operation) {
  return operation();
}
