// Exports a class, which cannot be called.
export class executeWithRetry {
  constructor() { throw new Error(); }
}
