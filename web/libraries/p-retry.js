// p-retry, as its readme shows it: AbortError for what must not be retried, and its own randomised backoff.
import pRetry, { AbortError } from "p-retry";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  return pRetry(
    async (attempt) => {
      try {
        return await request(operation, attempt);
      } catch (error) {
        throw isTransient(error) ? error : new AbortError(error);
      }
    },
    { retries: maxAttempts - 1, factor: 2, minTimeout: baseDelayMs, maxTimeout: maxDelayMs, randomize: true },
  );
}
