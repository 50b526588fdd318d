// Rewrites the options that it was given.
export async function executeWithRetry(operation, options) {
  options.maxAttempts = 1;
  options.baseDelayMs = options.maxDelayMs = 0;
  options.breaker.failureThreshold = Infinity;
  Object.freeze(options.breaker);
  Object.setPrototypeOf(options, null);
  return operation();
}
