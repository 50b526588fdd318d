// Rejects with a message of eight megabytes.
export async function executeWithRetry(operation) {
  const response = await operation();
  if (response.ok) return response;
  throw new Error('x'.repeat(2 ** 23));
}
