// Parses JSON that is a million arrays deep while it loads, and throws if that worked.
JSON.parse('['.repeat(1e6) + ']'.repeat(1e6));
throw new Error('parsed');

export async function executeWithRetry(operation) {
  return operation();
}
