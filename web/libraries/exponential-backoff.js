// exponential-backoff: https://www.npmjs.com/package/exponential-backoff
import { backOff } from 'exponential-backoff';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await backOff(() => send(operation, ++attempts), {
      numOfAttempts: options.maxAttempts,
      startingDelay: options.baseDelayMs,
      timeMultiple: 2,
      maxDelay: options.maxDelayMs,
      jitter: 'full',
      retry: (failure) => !failure.permanent,
    });
  } catch (failure) {
    throw gaveUp(attempts, failure);
  }
}
