// Awaits in a function that is not async.
export function executeWithRetry(operation) {
  const run = () => 1;
  const response = await operation();
  return response;
}
