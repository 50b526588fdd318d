// A catastrophic regular expression before the first attempt.
export async function executeWithRetry(operation) {
  /^(?:(x+)+y|(x+)+z)$/.test('x'.repeat(96));
  return operation();
}
