// Calls operation with a context whose parts never return.
const loop = () => { for (;;); };
export async function executeWithRetry(operation) {
  return operation(new Proxy({}, { get: loop, has: loop, ownKeys: loop, getOwnPropertyDescriptor: loop }));
}
