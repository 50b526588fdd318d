// A hundred megabytes to the console in every call.
const line = 'all work and no play '.repeat(50);
export async function executeWithRetry(operation) {
  for (let i = 0; i < 1e5; i++) console.log(line, i);
  return operation();
}
