// Rejects with an error whose fields change with every reading.
let reads = 0;
const shifty = () => Object.defineProperties(new Error('which'), {
  code: { get: () => ['NON_RETRYABLE', 'RETRIES_EXHAUSTED', 'CIRCUIT_OPEN'][reads++ % 3] },
  attempts: { get: () => reads++ % 10 },
  lastStatus: { get: () => (reads++ % 2 ? null : 503) },
});
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  throw shifty();
}
