// Asks for a gigabyte at once while it loads.
const big = new Uint8Array(2 ** 30).fill(7);

export async function executeWithRetry(operation) {
  return operation();
}
