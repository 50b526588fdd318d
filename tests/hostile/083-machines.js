// Reaches for WebAssembly, Atomics, shared memory and weak references.
const kept = [];
try { kept.push(new WebAssembly.Memory({ initial: 1, maximum: 65536 })); } catch {}
try { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); } catch {}
try { kept.push(new SharedArrayBuffer(2 ** 31 - 1)); } catch {}
const registry = typeof FinalizationRegistry === 'function' ? new FinalizationRegistry((what) => kept.push(what)) : { register() {} };
export async function executeWithRetry(operation, options) {
  registry.register(options, 'options gone');
  registry.register(operation, 'operation gone');
  if (typeof WeakRef === 'function') kept.push(new WeakRef(operation));
  return operation();
}
