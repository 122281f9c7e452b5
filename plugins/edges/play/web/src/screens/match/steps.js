// Calls something once for each step of the match, at a fixed rate: a timer that is late catches up, but never by much.

/** Steps that are caught up with at once; what is beyond them is given up, for the server has guessed them long since. */
const BEHIND_MAX = 3;

/** How many steps are due, apart from any clock. */
export class Steps {
  #stepMs;
  /** @type {number | undefined} */
  #next;

  /** @param {number} hz steps a second */
  constructor(hz) {
    this.#stepMs = 1_000 / Math.max(hz, 1);
  }

  /** @param {number} nowMs @returns {number} from 0 to 3 */
  due(nowMs) {
    this.#next ??= nowMs;
    const behind = Math.floor((nowMs - this.#next) / this.#stepMs) + 1;
    if (behind <= 0) return 0;
    this.#next = behind > BEHIND_MAX ? nowMs + this.#stepMs : this.#next + behind * this.#stepMs;
    return Math.min(behind, BEHIND_MAX);
  }
}

/**
 * Returns what ends it.
 * @param {number} hz
 * @param {(nowMs: number) => void} step
 */
export function everyStep(hz, step) {
  const steps = new Steps(hz);
  const timer = setInterval(() => {
    const now = performance.now();
    for (let due = steps.due(now); due > 0; due -= 1) step(now);
  }, 500 / Math.max(hz, 1));
  return () => clearInterval(timer);
}
