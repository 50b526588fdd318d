// Uses with, which modules do not allow.
export async function executeWithRetry(operation) {
  const context = { attempt: 1 };
  with (context) {
    return operation({ attempt });
  }
}
