// Contains JSX.
export async function executeWithRetry(operation) {
  return <Retry of={operation} />;
}
