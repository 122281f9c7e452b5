/** How long the fastest way is remembered: clocks drift apart, and ways change. */
const WINDOW_MS = 10_000;

/**
 * How old what is shown is. The clocks of the two ends have nothing to do with one another, so it is counted from the fastest way
 * that a state took in the last ten to twenty seconds: 0 is as new as this link brings it.
 */
export class StateAge {
  /** When the newest state was made, by its tick. @type {number | null} */
  #madeMs = null;
  /** The least that lay between a state's making and its arrival: in this window, and in the one before it. */
  #fastest = Infinity;
  #fastestBefore = Infinity;
  #windowEndsMs = -Infinity;

  /** Nothing is known, as before a match. */
  clear() {
    this.#madeMs = null;
    this.#fastest = Infinity;
    this.#fastestBefore = Infinity;
    this.#windowEndsMs = -Infinity;
  }

  /**
   * A newer state has arrived.
   *
   * @param {number} tick
   * @param {number} tickHz
   * @param {number} nowMs
   */
  arrive(tick, tickHz, nowMs) {
    const madeMs = (tick * 1_000) / tickHz;
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + WINDOW_MS;
      this.#fastestBefore = this.#fastest;
      this.#fastest = Infinity;
    }
    this.#madeMs = madeMs;
    this.#fastest = Math.min(this.#fastest, nowMs - madeMs);
  }

  /**
   * In milliseconds; `null` before the first state.
   *
   * @param {number} nowMs
   * @returns {number | null}
   */
  at(nowMs) {
    if (this.#madeMs === null) return null;
    return Math.max(nowMs - this.#madeMs - Math.min(this.#fastest, this.#fastestBefore), 0);
  }
}
