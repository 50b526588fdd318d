// async-retry: https://www.npmjs.com/package/async-retry
import retry from 'async-retry';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await retry(
      async (bail, attempt) => {
        attempts = attempt;
        try {
          return await send(operation, attempt);
        } catch (failure) {
          if (!failure.permanent) throw failure;
          bail(failure);
        }
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
