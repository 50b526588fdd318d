// Uses an old octal number, which modules do not allow.
export async function executeWithRetry(operation) {
  return operation({ attempt: 01 });
}
