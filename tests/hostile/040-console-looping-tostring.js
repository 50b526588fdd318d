// Logs values whose conversion never returns.
const loop = () => { for (;;); };
export async function executeWithRetry(operation) {
  const answer = operation();
  console.log({ toString: loop, toJSON: loop, [Symbol.toPrimitive]: loop, get name() { return loop(); } });
  console.error(new Proxy(() => {}, { get: loop, ownKeys: loop, apply: loop }));
  return answer;
}
