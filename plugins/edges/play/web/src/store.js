// The one place of what the page knows: slices that change by pure functions of what happened, and those who watch them.

/**
 * A part of the state. `on` has, by the names of what happens, how it changes: a new object where something changed, else the same one.
 * @template S
 * @typedef {{ initial: S, on: Record<string, (state: S, payload: any) => S> }} Slice
 */

/**
 * @template {Record<string, Slice<any>>} Slices
 */
export class Store {
  #slices;
  /** @type {{ [K in keyof Slices]: Slices[K]['initial'] }} */
  #state;
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #isToldSoon = false;

  /** @param {Slices} slices */
  constructor(slices) {
    this.#slices = slices;
    this.#state = /** @type {any} */ (Object.fromEntries(Object.entries(slices).map(([name, { initial }]) => [name, initial])));
  }

  get state() {
    return this.#state;
  }

  /**
   * Something happened: `server/match_started`, `link/closed`, `http/stash`, `ui/…`. Who watches is told once all of this turn is done.
   * @param {string} type
   * @param {any} [payload]
   */
  dispatch(type, payload) {
    let next = this.#state;
    for (const name of /** @type {(keyof Slices & string)[]} */ (Object.keys(this.#slices))) {
      const change = this.#slices[name].on[type];
      const slice = change ? change(this.#state[name], payload) : this.#state[name];
      if (slice !== next[name]) next = { ...next, [name]: slice };
    }
    if (next === this.#state) return;
    this.#state = next;
    if (this.#isToldSoon) return;
    this.#isToldSoon = true;
    queueMicrotask(() => this.flush());
  }

  /** Tells those who watch at once. */
  flush() {
    this.#isToldSoon = false;
    // Whoever was ended by what another one did is told nothing more.
    for (const tell of [...this.#watchers]) if (this.#watchers.has(tell)) tell();
  }

  /**
   * Calls `listener` with what `select` takes of the state, now and whenever that is another. Returns what ends it.
   * @template T
   * @param {(state: { [K in keyof Slices]: Slices[K]['initial'] }) => T} select
   * @param {(selected: T, before: T | undefined) => void} listener
   */
  watch(select, listener) {
    let seen = select(this.#state);
    const tell = () => {
      const selected = select(this.#state);
      if (selected === seen) return;
      const before = seen;
      seen = selected;
      listener(selected, before);
    };
    this.#watchers.add(tell);
    listener(seen, undefined);
    return () => void this.#watchers.delete(tell);
  }
}
