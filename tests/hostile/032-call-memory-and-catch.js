// Runs out of memory, catches that, and goes on.
export async function executeWithRetry() {
  let hoard = [];
  for (;;) {
    try { for (;;) hoard.push(new Array(10000).fill(0)); } catch { hoard = []; }
  }
}
