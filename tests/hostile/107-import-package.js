// Imports a package.
import pRetry from 'p-retry';

export async function executeWithRetry(operation, options) {
  return pRetry(operation, { retries: options.maxAttempts });
}
