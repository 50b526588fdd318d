// Lacks a parenthesis.
export async function executeWithRetry(operation, options) {
  for (let n = 1; n <= options.maxAttempts; n++ {
    return operation({ attempt: n });
  }
}
