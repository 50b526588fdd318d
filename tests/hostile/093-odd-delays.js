// Gives the timers delays and handlers of every odd kind.
const odd = [Infinity, -Infinity, NaN, -1, 2 ** 31, 2 ** 53, 1e308, '12', ' 7 ', 'soon', null, undefined, true, [], [5], {}, 10n, Symbol('ms'), () => 3];
export async function executeWithRetry(operation) {
  for (const delay of odd) {
    try { clearTimeout(setTimeout(() => {}, delay)); } catch {}
    try { clearInterval(setInterval(() => {}, delay)); } catch {}
    try { clearTimeout(delay); clearInterval(delay); } catch {}
  }
  for (const handler of [null, 'code()', 42, {}, undefined]) try { clearTimeout(setTimeout(handler, 1)); } catch {}
  return operation();
}
