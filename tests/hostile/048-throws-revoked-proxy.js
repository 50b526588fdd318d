// Rejects with a revoked Proxy.
const { proxy: dead, revoke } = Proxy.revocable(new Error('gone'), {});
revoke();
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  throw dead;
}
