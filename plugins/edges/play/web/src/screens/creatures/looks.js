// What a type of creature looks like, from what it is: each stat that its bias favours is something one can see.

import { chance, seedOf } from '../../draw/random.js';

/** @typedef {import('../../state/points.js').Stats} Stats */

/**
 * @typedef {object} Looks
 * @property {number} hue of its coat
 * @property {number} markHue of its ears, shell and wings
 * @property {{ rx: number, ry: number }} body
 * @property {number} legs how long they are
 * @property {number} head its radius
 * @property {'pointed' | 'long' | 'horns' | 'round'} ears
 * @property {'bushy' | 'stub' | 'whip'} tail
 * @property {boolean} hasShell
 * @property {number} spikes
 * @property {boolean} hasWings
 * @property {boolean} hasJaw
 * @property {boolean} hasMoon
 * @property {{ x: number, y: number, size: number }[]} spots of its own: creatures of one type differ by them
 */

/** Goes into every seed. Chosen by eye: with it the types that come along have coats that go with what is said of them. */
const SALT = 'kd2';

/**
 * @param {string} key of the type
 * @param {Partial<Stats>} bias
 * @param {string} [name] of the creature
 * @returns {Looks}
 */
export function looksOf(key, { speed = 0, health = 0, defence = 0, strength = 0, luck = 0 }, name = '') {
  const random = chance(seedOf(`${SALT} ${key}`));
  const own = chance(seedOf(`${SALT} ${key} ${name}`));
  const hue = Math.floor(random() * 360);
  return {
    hue: (hue + Math.floor(own() * 16) - 8 + 360) % 360,
    markHue: (hue + 130 + Math.floor(random() * 100)) % 360,
    body: { rx: 25 + 2 * health + 2 * strength + (defence > 1 ? 4 : 0), ry: 19 + 2 * health + Math.max(0, strength) - Math.max(0, speed) },
    legs: Math.max(5, 13 + 3 * speed),
    head: 13 + Math.max(-2, strength) + (luck > 1 ? 1 : 0),
    ears: luck >= 3 ? 'long' : strength >= 2 ? 'horns' : speed >= 2 ? 'pointed' : 'round',
    tail: speed >= 2 && strength >= 1 ? 'bushy' : speed < -1 || defence > 1 ? 'stub' : 'whip',
    hasShell: defence >= 2,
    spikes: defence === 1 || (health >= 2 && defence >= 0) ? 7 : 0,
    hasWings: speed >= 3,
    hasJaw: strength >= 3,
    hasMoon: luck >= 3,
    spots: Array.from({ length: 3 + Math.floor(own() * 3) }, () => ({ x: own() * 1.3 - 0.65, y: own() * 0.9 - 0.45, size: 1.6 + own() * 2.4 })),
  };
}
