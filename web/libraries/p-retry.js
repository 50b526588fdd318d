// p-retry: https://www.npmjs.com/package/p-retry
import pRetry from 'p-retry';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  const attemptOnce = (attempt) => {
    attempts = attempt;
    return send(operation, attempt);
  };
  try {
    return await pRetry(attemptOnce, {
      retries: options.maxAttempts - 1,
      factor: 2,
      minTimeout: options.baseDelayMs,
      maxTimeout: options.maxDelayMs,
      randomize: true,
      shouldRetry: ({ error }) => !error.permanent,
    });
  } catch (failure) {
    throw gaveUp(attempts, failure);
  }
}
