// Exports the name twice.
export async function executeWithRetry(operation) {
  return operation();
}
export { executeWithRetry };
