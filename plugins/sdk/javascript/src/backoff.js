// How long to wait before the next try.

/**
 * @typedef {object} Pauses
 * @property {number} triesMax tries in a row, each of which fails
 * @property {number} firstMs
 * @property {number} mostMs
 */

/**
 * As the server's other clients do it.
 * @type {Readonly<Pauses>}
 */
export const PAUSES = Object.freeze({ triesMax: 15, firstMs: 100, mostMs: 5_000 });

/**
 * The pause before a try: twice as long each time, and between one half and the whole of that, so that many that lost the same server
 * do not come back in the same moment.
 * @param {number} attempt from 0
 * @param {Pauses} [pauses]
 * @param {() => number} [chance] from 0 to 1
 */
export function pauseMs(attempt, { firstMs, mostMs } = PAUSES, chance = Math.random) {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(whole * (0.5 + 0.5 * chance()));
}
