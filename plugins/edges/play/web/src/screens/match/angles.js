// Directions and distances on the ground: a turn is 65,536, 0 along +x, a quarter along +y, which is down on the screen.

export const TURN = 65_536;

/** @typedef {{ x: number, y: number }} Place */

/** The direction of a vector; 0 for none. @param {number} dx @param {number} dy */
export const directionOf = (dx, dy) => Math.round((Math.atan2(dy, dx) / (2 * Math.PI)) * TURN) & (TURN - 1);

/** @param {Place} from @param {Place} to */
export const distance = (from, to) => Math.hypot(to.x - from.x, to.y - from.y);

/** The points of the compass, from east on as directions go. */
export const COMPASS = /** @type {const} */ (['e', 'se', 's', 'sw', 'w', 'nw', 'n', 'ne']);

/** Which point of the compass is nearest to a direction. @param {number} direction */
export const compassOf = (direction) => COMPASS[Math.round((direction / TURN) * COMPASS.length) % COMPASS.length];

/**
 * What is nearest, within a distance.
 * @template {Place} T
 * @param {Place} from
 * @param {readonly T[]} things
 * @param {number} within
 * @param {(thing: T) => boolean} isMeant
 * @returns {T | undefined}
 */
export function nearest(from, things, within, isMeant) {
  /** @type {T | undefined} */
  let found;
  let least = within;
  for (const thing of things) {
    if (!isMeant(thing)) continue;
    const far = distance(from, thing);
    if (far > least) continue;
    least = far;
    found = thing;
  }
  return found;
}
