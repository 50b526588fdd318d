// node-retry: https://www.npmjs.com/package/retry
import retry from 'retry';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  const retries = retry.operation({
    retries: options.maxAttempts - 1,
    factor: 2,
    minTimeout: options.baseDelayMs,
    maxTimeout: options.maxDelayMs,
    randomize: true,
  });
  return new Promise((resolve, reject) => {
    retries.attempt(async (attempt) => {
      try {
        resolve(await send(operation, attempt));
      } catch (failure) {
        if (failure.permanent || !retries.retry(failure)) reject(gaveUp(attempt, failure));
      }
    });
  });
}
