// Where to walk: as keys say, or straight to a point until one is there or something is in the way. North is along +y, and up.

import { toward } from '../../../sdk/index.js';

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ at: Point, near: number, then?: () => void, best: number, stuck: number }} Goal */

const QUARTER = 16_384;
/** Steps of the place without getting nearer, after which something is in the way. */
const STUCK_MAX = 4;
/** Least that one gets nearer in a step, in subunits. */
const PROGRESS_MIN = 8;
/** Stops that are sent, so that a lost one does not let the walk go on. */
const STOPS = 3;

/** The direction of the keys that are held; nothing where they say nothing. @param {ReadonlySet<string>} held */
export function directionOf(held) {
  const is = (/** @type {string} */ action) => (held.has(action) ? 1 : 0);
  const x = is('right') - is('left');
  const y = is('up') - is('down');
  return x === 0 && y === 0 ? undefined : toward(x * 1_000, y * 1_000);
}

/** Decides step by step. */
export class Walker {
  /** @type {Goal | undefined} */
  #goal;
  #stops = 0;

  /** Where one is going. @returns {Point | undefined} */
  get goal() {
    return this.#goal?.at;
  }

  /**
   * Walks to a point from now on.
   * @param {Point} at
   * @param {{ near?: number, then?: () => void }} [options] how near is there, in subunits, and what is done then
   */
  goTo(at, { near = 40, then } = {}) {
    this.#goal = { at, near, then, best: Infinity, stuck: 0 };
  }

  /** Goes nowhere any more. */
  stop() {
    if (this.#goal) this.#stops = STOPS;
    this.#goal = undefined;
  }

  /**
   * What to steer in the next step; nothing where there is nothing to say, so that errands of the server go on.
   * @param {ReadonlySet<string>} held
   * @param {Point | null} own where one will be
   * @param {number} [speed] subunits of a step at full pace: the last step is as long as it has to be
   * @returns {{ walk: number, pace: number } | undefined}
   */
  step(held, own, speed = 0) {
    const walk = directionOf(held);
    if (walk !== undefined) {
      this.#goal = undefined;
      this.#stops = STOPS;
      return { walk, pace: 100 };
    }
    const goal = this.#goal;
    if (goal && own) {
      const far = Math.hypot(goal.at.x - own.x, goal.at.y - own.y);
      goal.stuck = goal.best - far < PROGRESS_MIN ? goal.stuck + 1 : 0;
      goal.best = Math.min(goal.best, far);
      this.#stops = STOPS;
      if (far > goal.near && goal.stuck < STUCK_MAX) {
        const pace = far < speed ? Math.max(1, Math.floor((far / speed) * 100)) : 100;
        return { walk: toward(Math.round(goal.at.x - own.x), Math.round(goal.at.y - own.y)), pace };
      }
      this.#goal = undefined;
      if (far <= goal.near) goal.then?.();
    }
    if (this.#stops === 0) return undefined;
    this.#stops -= 1;
    return { walk: 0, pace: 0 };
  }
}

/** Screen right is east: a heading of 1/65536 turns as an angle on a screen where north is up. @param {number} heading */
export const angleOf = (heading) => (-heading / (4 * QUARTER)) * 2 * Math.PI;
