// Calls require.
const fs = require('fs');

export async function executeWithRetry(operation) {
  return operation();
}
