// Endless recursion while it loads.
const deep = (n) => deep(n + 1) + 1;
deep(0);

export async function executeWithRetry(operation) {
  return operation();
}
