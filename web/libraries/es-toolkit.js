// es-toolkit: https://www.npmjs.com/package/es-toolkit
import { retry } from 'es-toolkit';
import { gaveUp, send } from './contract.js';

export async function executeWithRetry(operation, options) {
  let attempts = 0;
  try {
    return await retry(() => send(operation, ++attempts), {
      retries: options.maxAttempts - 1,
      delay: (retries) => Math.random() * Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** retries),
      shouldRetry: (failure) => !failure.permanent,
    });
  } catch (failure) {
    throw gaveUp(attempts, failure);
  }
}
