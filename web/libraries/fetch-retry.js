// fetch-retry around `operation`, with the statuses to retry in a list, as its readme shows it. The delay is its
// readme's exponential one, with the cap added. A response that is still a failure after the last retry is resolved.
import fetchRetry from "fetch-retry";

export function executeWithRetry(operation, { maxAttempts, baseDelayMs, maxDelayMs }) {
  const fetchWithRetries = fetchRetry((_input, _init) => operation(), {
    retries: maxAttempts - 1,
    retryOn: [408, 425, 429, 500, 502, 503, 504],
    retryDelay: (attempt) => Math.min(maxDelayMs, 2 ** attempt * baseDelayMs),
  });
  return fetchWithRetries("https://api.example.com/");
}
