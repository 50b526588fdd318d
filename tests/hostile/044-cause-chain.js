// Rejects with a chain of 100,000 causes.
export async function executeWithRetry(operation) {
  const response = await operation();
  if (response.ok) return response;
  let error = new Error('bottom');
  for (let i = 0; i < 1e5; i++) error = new Error('on top', { cause: error });
  throw error;
}
