// Has types in a JavaScript file.
export async function executeWithRetry(operation: () => Promise<Response>) {
  return operation();
}
