// Throws a Proxy whose every trap loops while it loads.
const loop = () => { for (;;); };
throw new Proxy({}, { get: loop, has: loop, getPrototypeOf: loop, ownKeys: loop, getOwnPropertyDescriptor: loop });

export async function executeWithRetry(operation) {
  return operation();
}
