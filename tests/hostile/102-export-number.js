// Exports a number.
export const executeWithRetry = 42;
