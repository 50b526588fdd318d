// A million timers in every call.
export async function executeWithRetry(operation) {
  for (let i = 0; i < 1e6; i++) setTimeout(() => {}, 1e9 + i);
  return operation();
}
