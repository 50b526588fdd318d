// Calls operation once and resolves with a thenable that never settles.
export async function executeWithRetry(operation) {
  await operation().catch(() => {});
  return { then() {} };
}
