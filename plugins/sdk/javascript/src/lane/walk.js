import { step } from './turn.js';

/**
 * Where a body of this radius is after one tick that wants to walk in a direction (1/65536 turns), at a share (0–100 %) of its
 * full speed (subunits a tick). The server moves bodies by the same rule.
 *
 * @param {import('./obstacles.js').Obstacles} obstacles
 * @param {import('./types.js').Position} from
 * @param {number} direction
 * @param {number} percent
 * @param {number} speed
 * @param {number} radius
 * @returns {import('./types.js').Position}
 */
export function walked(obstacles, from, direction, percent, speed, radius) {
  const length = Math.floor((Math.max(speed, 0) * Math.min(percent, 100)) / 100);
  if (length === 0) return from;
  const { x, y } = step(direction, length);
  return obstacles.slide(from, x, y, radius);
}
