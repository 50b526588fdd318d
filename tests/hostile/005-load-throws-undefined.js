// Throws undefined while it loads.
throw undefined;

export async function executeWithRetry(operation) {
  return operation();
}
