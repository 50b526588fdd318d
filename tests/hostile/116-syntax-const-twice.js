// Declares a constant twice.
export async function executeWithRetry(operation) {
  const response = await operation();
  const response = await operation();
  return response;
}
