// Exports an object that has a call method.
export const executeWithRetry = { call: async (self, operation) => operation(), async then() {} };
