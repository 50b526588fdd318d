// opossum, a circuit breaker and no retry: it opens on a rolling percentage of failures.
// The breaker is made at the first call, which brings its options.
import CircuitBreaker from "opossum";
import { isTransient, request } from "./shared/http.js";

let breaker = null;

export function executeWithRetry(operation, options) {
  breaker ??= new CircuitBreaker((call) => request(call, 1), {
    timeout: false,
    errorThresholdPercentage: 50,
    volumeThreshold: options.breaker.failureThreshold,
    resetTimeout: options.breaker.resetTimeoutMs,
    errorFilter: (error) => !isTransient(error),
  });
  return breaker.fire(operation);
}
