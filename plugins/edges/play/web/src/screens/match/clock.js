// What time it is in the match, in words and numbers.

/** Whole seconds until a tick, rounded up. @param {number} untilTick @param {number} tick @param {number} hz */
export const secondsUntil = (untilTick, tick, hz) => Math.max(Math.ceil((untilTick - tick) / Math.max(hz, 1)), 0);

/**
 * The tick it is now: the newest state's, and as many more as have passed since, a second at most.
 * @param {number} seenTick @param {number} seenMs when that state came @param {number} nowMs @param {number} hz
 */
export const tickAt = (seenTick, seenMs, nowMs, hz) => seenTick + Math.min(Math.max(nowMs - seenMs, 0), 1_000) * (hz / 1_000);

/**
 * Remembers since when each hazard is there, and so how long it still only warns. What came into sight as one walked may have been
 * there for long: it counts as one that hurts.
 */
export class Warnings {
  /** Until which tick each only warns. @type {Map<number, number>} */
  #until = new Map();
  #seenTick = -1;

  /**
   * @param {number} tick of a state
   * @param {readonly { id: number, kind: string, template: number, x: number, y: number, extent: number }[]} entities
   * @param {{ x: number, y: number }} own
   * @param {number} sight in subunits
   * @param {(template: number) => number} warningTicks
   */
  take(tick, entities, own, sight, warningTicks) {
    const wasAway = this.#seenTick < 0 || tick - this.#seenTick > 15;
    this.#seenTick = tick;
    for (const { id, kind, template, x, y, extent } of entities) {
      if ((kind !== 'hazard' && kind !== 'storm') || this.#until.has(id)) continue;
      const edge = Math.hypot(x - own.x, y - own.y) - extent * 25.6;
      // Within four metres of the limit it may have come by walking.
      const isNew = !wasAway && (kind === 'storm' || edge < sight - 1_024);
      this.#until.set(id, isNew ? tick + warningTicks(template) : 0);
      if (this.#until.size > 256) this.#until.delete(/** @type {number} */ (this.#until.keys().next().value));
    }
  }

  /** Ticks that it still warns; 0 where it hurts. @param {number} id @param {number} tick */
  left(id, tick) {
    return Math.max((this.#until.get(id) ?? 0) - tick, 0);
  }
}
