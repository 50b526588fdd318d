// async-retry, as its readme shows it: `bail` for what must not be retried, and its own randomised backoff.
import retry from "async-retry";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  return retry(
    async (bail, attempt) => {
      try {
        return await request(operation, attempt);
      } catch (error) {
        if (isTransient(error)) throw error;
        bail(error);
      }
    },
    { retries: maxAttempts - 1, factor: 2, minTimeout: baseDelayMs, maxTimeout: maxDelayMs, randomize: true },
  );
}
