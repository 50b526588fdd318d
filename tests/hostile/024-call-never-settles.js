// Never calls operation and never settles.
export async function executeWithRetry() {
  return new Promise(() => {});
}
