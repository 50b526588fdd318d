// A top-level await of a thenable that never returns.
await { then() { for (;;); } };

export async function executeWithRetry(operation) {
  return operation();
}
