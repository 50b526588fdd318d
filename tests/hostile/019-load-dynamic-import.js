// Imports a module dynamically at the top level.
await import('node:fs');

export async function executeWithRetry(operation) {
  return operation();
}
