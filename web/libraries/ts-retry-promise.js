// ts-retry-promise with its exponential backoff, which has no jitter. Its overall timeout is switched off.
import { retry } from "ts-retry-promise";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  let attempt = 0;
  return retry(
    () => {
      attempt += 1;
      return request(operation, attempt);
    },
    {
      retries: maxAttempts - 1,
      delay: baseDelayMs,
      maxBackOff: maxDelayMs,
      backoff: "EXPONENTIAL",
      timeout: "INFINITELY",
      retryIf: isTransient,
    },
  );
}
