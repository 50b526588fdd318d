// Has a default export only.
export default async function executeWithRetry(operation) {
  return operation();
}
