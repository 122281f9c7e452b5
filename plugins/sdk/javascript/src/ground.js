// The ground of a place of the world, which comes in chunks: asks for those that lie near, and knows what stands in the way.

/** @typedef {import('../types/messages.js').Block} Block */
/** @typedef {import('../types/messages.js').Chunk} Chunk */
/** @typedef {import('../types/messages.js').ChunkPlace} ChunkPlace */
/** @typedef {import('../types/messages.js').DoorInfo} DoorInfo */
/** @typedef {import('../types/messages.js').MatchId} MatchId */
/** @typedef {import('../types/messages.js').RoomInfo} RoomInfo */

/** Chunks that one request may ask for. */
const ASKED_MAX = 32;
/** Chunks that are kept, so that a place that is entered again is not sent again. */
const KEPT_MAX = 1_024;
/** Least wait after a refusal. */
const REFUSED_MS = 1_000;
/** When chunks that were asked for and have not come are asked for again. A server sends even the largest ones faster. */
const ANSWER_MS_MAX = 20_000;

/** @param {ChunkPlace} at */
const keyOf = ({ column, row }) => `${column},${row}`;
/** @param {unknown} hash */
const textOf = (hash) => String(hash);
/** @param {Block} block */
const blockKey = ({ x_min, y_min, x_max, y_max }) => `${x_min},${y_min},${x_max},${y_max}`;

/**
 * The last one of each key.
 * @template T
 * @param {T[]} all
 * @param {(each: T) => string} key
 */
const once = (all, key) => [...new Map(all.map((each) => [key(each), each])).values()];

/** What is known of one place. */
export class Ground {
  /** @type {MatchId | undefined} */
  #place;
  /** Chunks that were told to lie near, now or before. @type {Map<string, { at: ChunkPlace, hash: string }>} */
  #near = new Map();
  /** By their hashes, the one used longest ago first. @type {Map<string, Chunk>} */
  #chunks = new Map();
  /** @type {Map<number, boolean>} */
  #doors = new Map();
  /** Hashes by the places that were asked for. @type {Map<string, string>} */
  #asked = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;

  /**
   * @param {(ask: { match_id: MatchId, chunks: ChunkPlace[] }) => void} ask
   * @param {(bytes: Uint8Array) => Chunk} read throws where the bytes are no chunk
   * @param {(blocks: Block[]) => void} changed told all that stands in the way
   */
  constructor(ask, read, changed) {
    this.ask = ask;
    this.read = read;
    this.changed = changed;
  }

  /** A match or a place begins, or is announced again: what lies near is told again. @param {MatchId} place */
  begin(place) {
    this.stop();
    // What was told to lie near and never came is told again where it still does.
    for (const [key, { hash }] of this.#near) if (place !== this.#place || !this.#chunks.has(hash)) this.#near.delete(key);
    this.#place = place;
    this.#doors.clear();
  }

  /** Asks for nothing more, until something begins. */
  stop() {
    clearTimeout(this.#again);
    this.#asked.clear();
  }

  /** @param {{ match_id: MatchId, chunks: { at: ChunkPlace, hash: unknown }[] }} told */
  lieNear({ match_id: place, chunks }) {
    if (place !== this.#place) return;
    for (const { at, hash } of chunks) this.#near.set(keyOf(at), { at, hash: textOf(hash) });
    this.changed(this.obstacles());
    this.#askForMore();
  }

  /** @param {{ match_id: MatchId, at: ChunkPlace, body: Uint8Array }} chunk */
  take({ match_id: place, at, body }) {
    const hash = this.#asked.get(keyOf(at));
    if (place !== this.#place || hash === undefined) return;
    this.#asked.delete(keyOf(at));
    this.#keep(hash, this.read(body));
    this.changed(this.obstacles());
    this.#askForMore();
  }

  /** @param {{ match_id: MatchId, doors: { number: number, is_open: boolean }[] }} changed */
  turnDoors({ match_id: place, doors }) {
    if (place !== this.#place) return;
    for (const { number, is_open: isOpen } of doors) this.#doors.set(number, isOpen);
    this.changed(this.obstacles());
  }

  /** What was asked for was refused. @param {number} [retryAfterMs] */
  refused(retryAfterMs = 0) {
    this.#askAgainIn(Math.max(retryAfterMs, REFUSED_MS));
  }

  /**
   * Asks again then. What comes until then is taken: a server sends what it can of a request that it refuses in part.
   * @param {number} ms
   */
  #askAgainIn(ms) {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      this.#asked.clear();
      this.#askForMore();
    }, ms);
  }

  /** All that stands in the way as far as it is known, each once: walls, and doors that are not open. @returns {Block[]} */
  obstacles() {
    return [...this.walls(), ...this.doors().filter((door) => !door.is_open).map((door) => door.block)];
  }

  /** What stands in the way for ever, each once. @returns {Block[]} */
  walls() {
    return once(this.#known().flatMap(({ obstacles }) => obstacles), blockKey);
  }

  /** Doors as they are now, each once. Nobody is to know one without a key for a door. @returns {DoorInfo[]} */
  doors() {
    const doors = once(this.#known().flatMap((chunk) => chunk.doors), ({ number }) => String(number));
    return doors.map((door) => ({ ...door, is_open: this.#doors.get(door.number) ?? door.is_open }));
  }

  /** Rooms, each once. @returns {RoomInfo[]} */
  rooms() {
    return once(this.#known().flatMap(({ rooms }) => rooms), ({ key }) => key);
  }

  /** Chunks that lie near and have come. */
  #known() {
    return [...this.#near.values()].flatMap(({ hash }) => this.#chunks.get(hash) ?? []);
  }

  #askForMore() {
    if (this.#place === undefined || this.#asked.size > 0) return;
    clearTimeout(this.#again);
    const lacking = new Map([...this.#near.values()].filter(({ hash }) => !this.#chunks.has(hash)).map((near) => [near.hash, near]));
    const asked = [...lacking.values()].slice(0, ASKED_MAX);
    if (asked.length === 0) return;
    for (const { at, hash } of asked) this.#asked.set(keyOf(at), hash);
    this.#askAgainIn(ANSWER_MS_MAX);
    this.ask({ match_id: this.#place, chunks: asked.map(({ at }) => at) });
  }

  /** @param {string} hash @param {Chunk} chunk */
  #keep(hash, chunk) {
    this.#chunks.set(hash, chunk);
    if (this.#chunks.size <= KEPT_MAX) return;
    const isNear = new Set([...this.#near.values()].map((near) => near.hash));
    for (const old of this.#chunks.keys()) {
      if (this.#chunks.size <= KEPT_MAX) break;
      if (!isNear.has(old)) this.#chunks.delete(old);
    }
  }
}
