// Ability slots: what is in them, and how far each has cooled down.

import { keyOf, rowOf } from '../../state/content.js';

/** Slots that have keys and places on the screen. */
export const SLOTS_MAX = 4;

/** @typedef {{ slot: number, key: string, cooldownMs: number, castMs: number, mana: number, rangeCm: number, arcDeg: number, shape: string }} Slot */

/**
 * What the slots of an avatar hold: the first one is the weapon's where one is worn.
 * @param {import('../../state/content.js').Content} content
 * @param {string} mode
 * @param {readonly { template: string, equipped: boolean }[]} items
 * @returns {Slot[]}
 */
export function slotsOf(content, mode, items) {
  /** @type {string[]} */
  const own = rowOf(content, 'modes', mode)?.avatar.abilities ?? ['fists'];
  const worn = items.filter(({ equipped }) => equipped).map(({ template }) => rowOf(content, 'items', template)?.ability);
  const weapon = worn.find((ability) => ability !== undefined);
  return [weapon ?? own[0], ...own.slice(1)].slice(0, SLOTS_MAX).map((key, at) => slotOf(content, key, at + 1));
}

/** @param {import('../../state/content.js').Content} content @param {string} key @param {number} slot 0: in none of the avatar's @returns {Slot} */
function slotOf(content, key, slot) {
  const row = rowOf(content, 'abilities', key);
  return {
    slot,
    key,
    cooldownMs: row?.cooldown_ms ?? 0,
    castMs: row?.cast_ms ?? 0,
    mana: row?.mana ?? 0,
    rangeCm: row?.range_cm ?? 0,
    arcDeg: row?.arc_deg ?? 360,
    shape: row?.shape ?? 'melee',
  };
}

/** Any ability, by its number. @param {import('../../state/content.js').Content} content @param {number} number */
export const abilityOf = (content, number) => slotOf(content, keyOf(content, 'abilities', number), 0);

/** The server says which slots cool down, and not for how long: that follows from when it began. */
export class Cooling {
  #bits = 0;
  /** @type {number[]} */
  #sinceMs = [];

  /**
   * What is used again at once never shows as ready: where a slot cools for longer than it can, it began anew.
   * @param {number} bits of the avatar's state @param {readonly Slot[]} slots @param {number} nowMs
   * @returns {Slot[]} what was used just now
   */
  take(bits, slots, nowMs) {
    const began = slots.filter(({ slot, cooldownMs }) => {
      const bit = 1 << (slot - 1);
      if (!(bits & bit)) return false;
      return !(this.#bits & bit) || (cooldownMs > 0 && nowMs - (this.#sinceMs[slot - 1] ?? nowMs) >= cooldownMs);
    });
    for (const { slot } of began) this.#sinceMs[slot - 1] = nowMs;
    this.#bits = bits;
    return began;
  }

  /** @param {number} slot from 1 on */
  isCooling(slot) {
    return (this.#bits & (1 << (slot - 1))) !== 0;
  }

  /** What is left of it, from 1 to 0; as long as the server says that it cools, a little is. @param {Slot} slot @param {number} nowMs */
  left({ slot, cooldownMs }, nowMs) {
    if (!this.isCooling(slot)) return 0;
    const gone = cooldownMs > 0 ? (nowMs - (this.#sinceMs[slot - 1] ?? nowMs)) / cooldownMs : 0;
    return Math.min(Math.max(1 - gone, 0.05), 1);
  }
}
