// retry (node-retry), as its readme shows it: an operation object that is asked after each failure whether to go on.
import retry from "retry";
import { isTransient, request } from "./shared/http.js";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  const retries = retry.operation({
    retries: maxAttempts - 1,
    factor: 2,
    minTimeout: baseDelayMs,
    maxTimeout: maxDelayMs,
    randomize: true,
  });
  return new Promise((resolve, reject) => {
    retries.attempt(async (attempt) => {
      try {
        resolve(await request(operation, attempt));
      } catch (error) {
        if (!isTransient(error) || !retries.retry(error)) reject(error);
      }
    });
  });
}
