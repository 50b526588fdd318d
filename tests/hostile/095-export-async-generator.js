// Exports an async generator, whose body nobody runs.
export async function* executeWithRetry(operation) {
  yield operation();
}
