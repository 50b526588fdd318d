// promise-retry: https://www.npmjs.com/package/promise-retry
import promiseRetry from 'promise-retry';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await promiseRetry(
      (retry, attempt) => {
        attempts = attempt;
        return send(operation, attempt).catch((failure) => {
          if (failure.permanent) throw failure;
          retry(failure);
        });
      },
      {
        retries: options.maxAttempts - 1,
        factor: 2,
        minTimeout: options.baseDelayMs,
        maxTimeout: options.maxDelayMs,
        randomize: true,
      },
    );
  } catch (failure) {
    throw gaveUp(attempts, failure);
  }
}
