// @lifeomic/attempt: https://www.npmjs.com/package/@lifeomic/attempt
import { retry } from '@lifeomic/attempt';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await retry(() => send(operation, ++attempts), {
      maxAttempts: options.maxAttempts,
      delay: options.baseDelayMs,
      factor: 2,
      maxDelay: options.maxDelayMs,
      jitter: true,
      handleError(failure, context) {
        if (failure.permanent) context.abort();
      },
    });
  } catch (failure) {
    throw gaveUp(attempts, failure);
  }
}
