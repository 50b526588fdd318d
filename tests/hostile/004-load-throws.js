// Throws while it loads.
throw new RangeError('not today');

export async function executeWithRetry(operation) {
  return operation();
}
