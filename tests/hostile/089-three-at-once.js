// Sends three requests at once and takes the first good answer.
export async function executeWithRetry(operation) {
  const good = async () => { const response = await operation(); if (!response.ok) throw response; return response; };
  return Promise.any([good(), good(), good()]);
}
