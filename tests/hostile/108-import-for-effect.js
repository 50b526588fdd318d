// Imports a file for its effect, after the function.
export async function executeWithRetry(operation) {
  return operation();
}
import './polyfill.js';
