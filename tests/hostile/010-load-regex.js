// A catastrophic regular expression while it loads.
if (/^(a+)+$/.test('a'.repeat(64) + '!')) throw new Error('never reached');

export async function executeWithRetry(operation) {
  return operation();
}
