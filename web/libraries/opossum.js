// opossum: https://www.npmjs.com/package/opossum
// It is a circuit breaker only; the retries around it are exponential-backoff's.
import { backOff } from 'exponential-backoff';
import CircuitBreaker from 'opossum';
import { AttemptFailed, gaveUp, rejection, send } from './contract.js';

// One breaker for the module, made from the options of the first call.
let breaker;

export async function executeWithRetry(operation, options) {
  breaker ??= new CircuitBreaker(send, {
    timeout: false,
    resetTimeout: options.breaker.resetTimeoutMs,
    volumeThreshold: options.breaker.failureThreshold,
    errorFilter: (failure) => failure.permanent,
  });

  let attempts = 0;
  let last;
  const attemptOnce = async () => {
    try {
      return await breaker.fire(operation, attempts + 1);
    } catch (error) {
      if (error instanceof AttemptFailed) {
        attempts++;
        last = error;
      }
      throw error;
    }
  };
  try {
    return await backOff(attemptOnce, {
      numOfAttempts: options.maxAttempts,
      startingDelay: options.baseDelayMs,
      maxDelay: options.maxDelayMs,
      jitter: 'full',
      retry: (error) => error instanceof AttemptFailed && !error.permanent,
    });
  } catch (error) {
    if (CircuitBreaker.isOurError(error)) throw rejection('CIRCUIT_OPEN', attempts, last);
    throw gaveUp(attempts, error);
  }
}
