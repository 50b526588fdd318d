// axios-retry: https://www.npmjs.com/package/axios-retry
// Without axios only its delay function can be used; the loop around it is the usual one.
import { exponentialDelay } from 'axios-retry';
import { gaveUp, send } from './contract.js';

// axios keeps the headers of a response as an object with names in lower case
const asAxiosError = ({ status, cause }) =>
  status === null ? undefined : { response: { status, headers: { 'retry-after': cause.headers.get('retry-after') } } };

export async function executeWithRetry(operation, options) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(operation, attempt);
    } catch (failure) {
      if (failure.permanent || attempt >= options.maxAttempts) throw gaveUp(attempt, failure);
      const delay = exponentialDelay(attempt, asAxiosError(failure), options.baseDelayMs);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
