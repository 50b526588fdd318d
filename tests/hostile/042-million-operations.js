// Calls operation a million times.
export async function executeWithRetry(operation) {
  let last;
  for (let i = 0; i < 1e6; i++) { last = operation(); last.catch(() => {}); }
  return last;
}
