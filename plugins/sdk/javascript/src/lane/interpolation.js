/** @typedef {import('./types.js').Entity} Entity */

/** Nobody walks this far between two states: who did was put there, and is shown there at once. */
const LEAP = 10 * 256;
/** Parts of a tick in which time is counted here. */
const PARTS = 256;

/** Where others are between the two newest states. */
export class Interpolation {
  /** By name. @type {readonly Entity[]} */
  #older = [];
  /** By name. @type {readonly Entity[]} */
  #newer = [];
  #olderTick = 0;
  #newerTick = 0;
  /** Ticks by which what is shown lies behind the newest state when that arrives. */
  #delayTicks = 0;
  #arrivedMs = 0;

  /** Forgets all places, as for a new match. */
  clear() {
    this.#older = [];
    this.#newer = [];
    this.#olderTick = 0;
    this.#newerTick = 0;
    this.#delayTicks = 0;
  }

  /**
   * Takes a newer state. `intervalTicks` is what lies between two; 0 where the server does not say.
   *
   * @param {readonly Entity[]} entities
   * @param {number} tick
   * @param {number} intervalTicks
   * @param {number} nowMs
   */
  take(entities, tick, intervalTicks, nowMs) {
    this.#older = this.#newer;
    this.#olderTick = this.#newerTick;
    this.#newer = [...entities].sort((one, other) => one.id - other.id);
    this.#newerTick = tick;
    const apart = Math.max(tick - this.#olderTick, 0);
    this.#delayTicks = intervalTicks === 0 ? apart : intervalTicks;
    this.#arrivedMs = nowMs;
  }

  /**
   * Everything that is there now, by name, where it is to be shown at this time.
   *
   * @param {number} nowMs
   * @param {number} tickHz
   * @returns {Entity[]}
   */
  shown(nowMs, tickHz) {
    const whole = Math.max(this.#newerTick - this.#olderTick, 0) * PARTS;
    const waitedUs = Math.max(Math.floor((nowMs - this.#arrivedMs) * 1_000), 0);
    const waited = Math.floor((waitedUs * tickHz * PARTS) / 1_000_000);
    const part = Math.min(Math.max(whole - this.#delayTicks * PARTS + waited, 0), whole);
    let at = 0;
    return this.#newer.map((after) => {
      while (at < this.#older.length && this.#older[at].id < after.id) at += 1;
      const before = this.#older[at];
      return before !== undefined && before.id === after.id ? between(before, after, part, whole) : after;
    });
  }
}

/**
 * @param {Entity} before
 * @param {Entity} after
 * @param {number} part
 * @param {number} whole
 * @returns {Entity}
 */
function between(before, after, part, whole) {
  const hasLeapt = Math.max(Math.abs(before.x - after.x), Math.abs(before.y - after.y)) > LEAP;
  if (whole === 0 || hasLeapt) return after;
  // An item on the ground does not turn: there it is the item's version. All else turns the shorter way round.
  const turn = after.kind === 'item' ? 0 : ((after.heading - before.heading) << 24) >> 24;
  const from = after.kind === 'item' ? after.heading : before.heading;
  return {
    ...after,
    x: before.x + share(after.x - before.x, part, whole),
    y: before.y + share(after.y - before.y, part, whole),
    heading: (from + share(turn, part, whole)) & 255,
  };
}

/**
 * @param {number} of
 * @param {number} part
 * @param {number} whole
 */
function share(of, part, whole) {
  return Math.trunc((of * part) / whole) | 0;
}
