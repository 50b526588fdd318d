// Starts an interval that never ends while it loads.
setInterval(() => {}, 1);

export async function executeWithRetry(operation) {
  return operation();
}
