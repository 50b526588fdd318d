// Has an invalid regular expression.
export async function executeWithRetry(operation) {
  if (/(retry/.test('retry')) return operation();
}
