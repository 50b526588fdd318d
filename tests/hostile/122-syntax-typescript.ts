// Has a syntax error after a page of TypeScript.
interface Options { maxAttempts: number }
enum Kind { Good, Bad }
export async function executeWithRetry(operation: () => Promise<unknown>, options: Options): Promise<unknown> {
  const kind: Kind = Kind.Good;
  if (kind === Kind.Bad) {
    return operation(;
  }
  return operation();
}
