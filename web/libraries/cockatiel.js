// cockatiel: https://www.npmjs.com/package/cockatiel
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  ExponentialBackoff,
  circuitBreaker,
  fullJitterGenerator,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { AttemptFailed, gaveUp, rejection, send } from './contract.js';

const transient = handleWhen((error) => error instanceof AttemptFailed && !error.permanent);

// One breaker for the module, made from the options of the first call.
let breaker;

export async function executeWithRetry(operation, options) {
  breaker ??= circuitBreaker(transient, {
    halfOpenAfter: options.breaker.resetTimeoutMs,
    breaker: new ConsecutiveBreaker(options.breaker.failureThreshold),
  });
  const retries = retry(transient, {
    maxAttempts: options.maxAttempts - 1,
    backoff: new ExponentialBackoff({
      initialDelay: options.baseDelayMs,
      maxDelay: options.maxDelayMs,
      generator: fullJitterGenerator,
    }),
  });

  let attempts = 0;
  let last;
  const attemptOnce = async () => {
    try {
      return await send(operation, ++attempts);
    } catch (failure) {
      last = failure;
      throw failure;
    }
  };
  try {
    return await wrap(retries, breaker).execute(attemptOnce);
  } catch (error) {
    if (error instanceof BrokenCircuitError) throw rejection('CIRCUIT_OPEN', attempts, last);
    throw gaveUp(attempts, error);
  }
}
