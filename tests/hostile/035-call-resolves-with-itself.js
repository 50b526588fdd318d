// Resolves its promise with the promise itself.
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export function executeWithRetry() {
  let settle;
  const promise = new Promise((resolve) => { settle = resolve; });
  wait(1).then(() => settle(promise));
  return promise;
}
