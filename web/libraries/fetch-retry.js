// fetch-retry: https://www.npmjs.com/package/fetch-retry
import fetchRetry from 'fetch-retry';
import { AttemptFailed, gaveUp } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  const fetchLike = fetchRetry(() => operation({ attempt: ++attempts }), {
    retries: options.maxAttempts - 1,
    retryOn: [408, 425, 429, 500, 502, 503, 504],
    retryDelay: (attempt) => Math.random() * Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** attempt),
  });
  let response;
  try {
    response = await fetchLike();
  } catch (error) {
    throw gaveUp(attempts, new AttemptFailed(error));
  }
  // the last response is handed out as it is, a failed one too
  if (!response.ok) throw gaveUp(attempts, new AttemptFailed(response, response.status));
  return response;
}
