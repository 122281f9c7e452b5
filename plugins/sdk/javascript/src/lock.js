// One at a time by a name: among all tabs of a browser where it has locks, else within this process.

/** @type {Map<string, Promise<unknown>>} */
const held = new Map();

/**
 * Does some work while nobody else does any under this name.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const locks = globalThis.navigator?.locks;
  if (locks) {
    // What the callback's promise becomes is what this one becomes.
    return /** @type {Promise<T>} */ (locks.request(name, work));
  }
  const before = held.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  const after = mine.catch(() => undefined);
  held.set(name, after);
  try {
    return await mine;
  } finally {
    if (held.get(name) === after) held.delete(name);
  }
}
