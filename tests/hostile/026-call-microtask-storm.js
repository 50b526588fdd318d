// Microtasks that breed microtasks, so that no timer ever fires.
export async function executeWithRetry(operation) {
  const spin = () => Promise.resolve().then(spin);
  spin();
  return operation();
}
