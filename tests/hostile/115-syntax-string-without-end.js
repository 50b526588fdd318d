// Has a string without an end.
export async function executeWithRetry(operation) {
  const name = 'retry;
  return operation(name);
}
