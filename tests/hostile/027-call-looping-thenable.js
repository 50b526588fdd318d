// Resolves with a thenable that never returns.
export async function executeWithRetry() {
  return { then() { for (;;); } };
}
