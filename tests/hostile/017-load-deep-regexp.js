// Compiles a regular expression of 100,000 nested groups while it loads, and throws if that worked.
new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).exec('');
throw new Error('compiled');

export async function executeWithRetry(operation) {
  return operation();
}
