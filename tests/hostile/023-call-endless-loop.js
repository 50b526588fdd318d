// An endless loop in the call.
export async function executeWithRetry() {
  for (;;);
}
