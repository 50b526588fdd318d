// exponential-backoff with full jitter.
import { backOff } from "exponential-backoff";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  let attempt = 0;
  return backOff(
    () => {
      attempt += 1;
      return request(operation, attempt);
    },
    {
      numOfAttempts: maxAttempts,
      startingDelay: baseDelayMs,
      maxDelay: maxDelayMs,
      timeMultiple: 2,
      jitter: "full",
      retry: isTransient,
    },
  );
}
