// Rejects with a function whose conversion to a string or a number never returns.
export async function executeWithRetry(operation) {
  const response = await operation().catch(() => ({}));
  if (response.ok) return response;
  throw Object.assign(() => {}, {
    toString() { for (;;); }, valueOf() { for (;;); }, [Symbol.toPrimitive]() { for (;;); },
  });
}
