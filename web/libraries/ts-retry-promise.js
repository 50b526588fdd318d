// ts-retry-promise: https://www.npmjs.com/package/ts-retry-promise
import { retry } from 'ts-retry-promise';
import { AttemptFailed, gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await retry(() => send(operation, ++attempts), {
      retries: options.maxAttempts - 1,
      backoff: 'EXPONENTIAL',
      delay: options.baseDelayMs,
      maxBackOff: options.maxDelayMs,
      timeout: 'INFINITELY',
      retryIf: (failure) => !failure.permanent,
    });
  } catch (error) {
    // a failure that must not be retried comes as it is, the last one of many in a RetryError
    throw gaveUp(attempts, error instanceof AttemptFailed ? error : error.lastError);
  }
}
