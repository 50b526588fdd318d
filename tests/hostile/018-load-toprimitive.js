// Converts objects that convert each other for ever while it loads.
const a = { [Symbol.toPrimitive]: () => +b };
const b = { [Symbol.toPrimitive]: () => +a };
throw new Error(String(+a));

export async function executeWithRetry(operation) {
  return operation();
}
