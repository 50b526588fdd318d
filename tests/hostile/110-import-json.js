// Imports JSON with an attribute.
import data from './data.json' with { type: 'json' };

export async function executeWithRetry(operation) {
  return operation();
}
