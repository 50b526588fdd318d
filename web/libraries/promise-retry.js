// promise-retry, as its readme shows it: `retry(error)` for what may be tried again, a throw for what may not.
import promiseRetry from "promise-retry";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  return promiseRetry(
    (retry, attempt) =>
      request(operation, attempt).catch((error) => {
        if (isTransient(error)) retry(error);
        throw error;
      }),
    { retries: maxAttempts - 1, factor: 2, minTimeout: baseDelayMs, maxTimeout: maxDelayMs, randomize: true },
  );
}
