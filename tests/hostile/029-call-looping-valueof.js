// Gives setTimeout a delay whose valueOf never returns.
export async function executeWithRetry(operation) {
  setTimeout(() => {}, { valueOf() { for (;;); } });
  await new Promise((resolve) => setTimeout(resolve, { [Symbol.toPrimitive]() { for (;;); } }));
  return operation();
}
