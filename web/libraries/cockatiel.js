// cockatiel: a retry policy with its default, decorrelated jitter, inside one circuit breaker for the module.
// The breaker is made at the first call, which brings its options.
import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from "cockatiel";
import { isTransient, request } from "./shared/http.js";

const transient = handleWhen(isTransient);
let breakerPolicy = null;

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs, breaker }) {
  breakerPolicy ??= circuitBreaker(transient, {
    halfOpenAfter: breaker.resetTimeoutMs,
    breaker: new ConsecutiveBreaker(breaker.failureThreshold),
  });
  const retryPolicy = retry(transient, {
    maxAttempts: maxAttempts - 1,
    backoff: new ExponentialBackoff({ initialDelay: baseDelayMs, maxDelay: maxDelayMs }),
  });
  return wrap(retryPolicy, breakerPolicy).execute(({ attempt }) => request(operation, attempt + 1));
}
