// How points make stats: what the server's `creation` says, reckoned ahead of it so that every change shows at once.

/** @typedef {'speed' | 'health' | 'defence' | 'strength' | 'luck'} Stat */
/** @typedef {Record<Stat, number>} Stats */
/** @typedef {{ battle: string, stat_base: number, stat_min: number, stat_max: number, points: number }} Creation */

/** Stats in the order in which they are shown. */
export const STATS = /** @type {const} */ (['strength', 'defence', 'speed', 'health', 'luck']);

/** @type {Stats} */
export const NO_POINTS = { speed: 0, health: 0, defence: 0, strength: 0, luck: 0 };

/** What a type has before any point is given. @param {Creation} creation @param {Partial<Stats>} bias @returns {Stats} */
export function statsOfType({ stat_base: base, stat_min: least, stat_max: most }, bias) {
  const stats = { ...NO_POINTS };
  for (const stat of STATS) stats[stat] = Math.min(most, Math.max(least, base + (bias[stat] ?? 0)));
  return stats;
}

/** @param {Stats} given */
export const sumOf = (given) => STATS.reduce((sum, stat) => sum + given[stat], 0);

/** Stats with the points in them. @param {Stats} stats @param {Stats} given @returns {Stats} */
export function grown(stats, given) {
  const after = { ...stats };
  for (const stat of STATS) after[stat] += given[stat];
  return after;
}

/**
 * Points on the way to stats: `stats` before them, `left` how many there are in all, `most` what a stat may reach.
 * @typedef {{ stats: Stats, points: number, most: number, given: Stats }} Allocation
 */

/** @param {Stats} stats @param {number} points @param {number} most @returns {Allocation} */
export const newAllocation = (stats, points, most) => ({ stats, points, most, given: NO_POINTS });

/** @param {Allocation} allocation */
export const leftOf = ({ points, given }) => points - sumOf(given);

/** Whether a stat can have a point more, or `by` is -1, one less. @param {Allocation} allocation @param {Stat} stat @param {1 | -1} by */
export function canGive(allocation, stat, by) {
  const given = allocation.given[stat];
  return by < 0 ? given > 0 : leftOf(allocation) > 0 && allocation.stats[stat] + given < allocation.most;
}

/** The same with a point more or less in a stat; unchanged where that cannot be. @param {Allocation} allocation @param {Stat} stat @param {1 | -1} by @returns {Allocation} */
export function give(allocation, stat, by) {
  if (!canGive(allocation, stat, by)) return allocation;
  return { ...allocation, given: { ...allocation.given, [stat]: allocation.given[stat] + by } };
}
