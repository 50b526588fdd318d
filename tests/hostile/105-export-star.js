// Re-exports another module.
export * from './impl.js';
