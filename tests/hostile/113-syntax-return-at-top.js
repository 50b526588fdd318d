// Returns at the top level.
export async function executeWithRetry(operation) {
  return operation();
}
return executeWithRetry;
