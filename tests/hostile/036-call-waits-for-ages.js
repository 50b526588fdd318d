// Waits for thirty thousand years before the first attempt.
export async function executeWithRetry(operation) {
  await new Promise((resolve) => setTimeout(resolve, 1e15));
  return operation();
}
