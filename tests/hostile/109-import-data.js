// Imports a data URL.
import { executeWithRetry } from 'data:text/javascript,export async function executeWithRetry(operation) { return operation() }';
export { executeWithRetry };
