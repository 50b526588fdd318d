// A hundred thousand rejections that nobody handles.
export async function executeWithRetry(operation) {
  for (let i = 0; i < 1e5; i++) Promise.reject(new Error(`nobody ${i}`));
  return operation();
}
