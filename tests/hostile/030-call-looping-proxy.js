// Resolves with a Proxy whose get trap never returns, without calling operation.
export async function executeWithRetry() {
  return new Proxy({}, { get() { for (;;); } });
}
