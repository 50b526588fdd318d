// Calls operation with contexts whose parts throw.
const grumpy = { aborted: false, reason: undefined, addEventListener() { throw new Error('no listeners'); }, removeEventListener() { throw new Error('none'); }, get onabort() { throw new Error('no'); }, set onabort(f) { throw new Error('no'); }, throwIfAborted() { throw new Error('no'); } };
const contexts = [
  { attempt: 1, signal: grumpy },
  { attempt: 1, signal: Object.setPrototypeOf({ ...Object.getOwnPropertyDescriptors(grumpy) }, AbortSignal.prototype) },
  { get attempt() { throw new Error('no attempt'); }, get signal() { throw new Error('no signal'); } },
  new Proxy({}, { get() { throw new Error('no context'); }, has() { throw new Error('no'); }, ownKeys() { throw new Error('no'); } }),
  null, 42, 'context', Symbol('context'), { signal: null }, { signal: 'signal' }, { attempt: { valueOf() { throw new Error('no number'); } } },
];
let next = 0;
export async function executeWithRetry(operation) {
  return operation(contexts[next++ % contexts.length]);
}
