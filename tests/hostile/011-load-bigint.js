// Squares a BigInt for ever while it loads.
let x = 3n;
for (;;) x *= x;

export async function executeWithRetry(operation) {
  return operation();
}
