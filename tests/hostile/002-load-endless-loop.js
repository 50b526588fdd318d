// An endless loop while the module loads.
for (;;);

export async function executeWithRetry(operation) {
  return operation();
}
