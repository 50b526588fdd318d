// Exports a binding that gets its value in a timer.
export let executeWithRetry;
setTimeout(() => { executeWithRetry = async (operation) => operation(); }, 0);
