// An endless loop in a timer that fires before any answer.
export async function executeWithRetry(operation) {
  setTimeout(() => { for (;;); }, 0);
  return operation();
}
