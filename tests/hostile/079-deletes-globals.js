// Deletes every global that can be deleted.
export async function executeWithRetry(operation) {
  return operation();
}
for (const key of Reflect.ownKeys(globalThis)) {
  try { delete globalThis[key]; } catch {}
}
