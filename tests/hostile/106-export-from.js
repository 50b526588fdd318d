// Re-exports the name from another module.
export { default as executeWithRetry } from './impl.js';
