// The copy on this device: each part of a recording, until the server has it. IndexedDB holds it through a reload or a
// crash. Where there is none (private windows, settings), the parts stay in memory, and the page says so.

const NAME = "halfopen recordings";

export async function openKept() {
  try {
    return withRoomToSpare(overIndexedDb(await open()));
  } catch {
    return inMemory();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("takes", { keyPath: "id" });
      request.result.createObjectStore("parts", { keyPath: ["take", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page holds the store"));
  });
}

function overIndexedDb(db) {
  const does = (names, mode, work) => new Promise((resolve, reject) => {
    const transaction = db.transaction(names, mode, { durability: "strict" });
    const request = work(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
  const ofTake = (take) => IDBKeyRange.bound([take, 0], [take, Infinity]);
  return {
    lasts: true,
    putTake: (take) => does(["takes"], "readwrite", (takes) => takes.put(take)),
    takes: () => does(["takes"], "readonly", (takes) => takes.getAll()),
    putPart: (part) => does(["parts"], "readwrite", (parts) => parts.put(part)),
    parts: (take) => does(["parts"], "readonly", (parts) => parts.getAll(ofTake(take))),
    /** The server has all parts before this one. */
    dropBefore: (take, number) => does(["parts"], "readwrite", (parts) => {
      parts.delete(IDBKeyRange.bound([take, 0], [take, number], false, true));
    }),
    forget: (take) => does(["takes", "parts"], "readwrite", (takes, parts) => {
      takes.delete(take);
      parts.delete(ofTake(take));
    }),
  };
}

/** A part that the disk has no room for stays in memory. */
function withRoomToSpare(disk) {
  const memory = inMemory();
  return {
    ...disk,
    putTake: (take) => disk.putTake(take).catch(() => {}),
    putPart: (part) => disk.putPart(part).catch(() => memory.putPart(part)),
    parts: async (take) => [...await disk.parts(take), ...await memory.parts(take)].sort(inOrder),
    dropBefore: (take, number) => Promise.all([memory.dropBefore(take, number), disk.dropBefore(take, number).catch(() => {})]),
    forget: (take) => Promise.all([memory.forget(take), disk.forget(take).catch(() => {})]),
  };
}

function inOrder(one, other) {
  return one.number - other.number;
}

function inMemory() {
  const takes = new Map();
  const parts = new Map();
  const of = (take) => parts.get(take) ?? parts.set(take, new Map()).get(take);
  return {
    lasts: false,
    putTake: async (take) => { takes.set(take.id, take); },
    takes: async () => [...takes.values()],
    putPart: async (part) => { of(part.take).set(part.number, part); },
    parts: async (take) => [...of(take).values()].sort(inOrder),
    dropBefore: async (take, number) => { for (const n of of(take).keys()) if (n < number) of(take).delete(n); },
    forget: async (take) => { takes.delete(take); parts.delete(take); },
  };
}
