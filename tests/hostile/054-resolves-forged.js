// Resolves with a response of its own making, without a request.
export async function executeWithRetry() {
  return { status: 200, ok: true, statusText: 'OK', headers: { get: () => null }, text: async () => '{}', json: async () => ({}) };
}
