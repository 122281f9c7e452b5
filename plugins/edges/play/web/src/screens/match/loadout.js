// What to take along where nobody chooses: the best of each thing that can be worn, and something to heal with.

import { rowOf } from '../../state/content.js';

/** Things to use up that are taken along. */
const USED_MAX = 2;

/**
 * @param {import('../../state/content.js').Content} content
 * @param {readonly { item: string, template: string }[]} stash
 * @returns {string[]}
 */
export function quickLoadout(content, stash) {
  const worth = (/** @type {{ template: string }} */ { template }) => rowOf(content, 'items', template)?.value ?? 0;
  /** @type {Map<string, string>} */
  const chosen = new Map();
  let used = 0;
  for (const thing of stash.toSorted((one, other) => worth(other) - worth(one))) {
    const row = rowOf(content, 'items', thing.template);
    const place = row?.slot ?? (row?.kind === 'consumable' && used < USED_MAX ? `used ${(used += 1)}` : undefined);
    if (place !== undefined && !chosen.has(place)) chosen.set(place, thing.item);
  }
  return [...chosen.values()];
}
