// The ability slots: what is in them, their keys, and how far they have cooled down.

import { h, keep, text } from '../../dom.js';
import { nameOf } from '../../state/content.js';
import { capOf } from '../../keys.js';

/** @typedef {import('./slots.js').Slot} Slot */

/**
 * @param {import('../../router.js').Context} context
 * @param {import('./pilot.js').Pilot} pilot
 */
export function hotbar({ store, words }, pilot) {
  const element = h('div', { class: 'match-slots', role: 'group', 'aria-label': words.say('match-abilities') });
  /** @type {Map<number, { button: HTMLElement, shown: number, isShort: boolean }>} */
  const buttons = new Map();
  const make = (/** @type {Slot} */ { slot }) => {
    const button = h(
      'button',
      {
        class: 'match-slot',
        'data-slot': slot,
        onpointerdown: (/** @type {PointerEvent} */ event) => {
          event.preventDefault();
          pilot.press(slot);
        },
        onclick: (/** @type {MouseEvent} */ event) => event.detail === 0 && pilot.press(slot),
      },
      h('kbd', {}),
      h('span', { class: 'what' }),
      h('small', {}),
      h('i', { 'aria-hidden': 'true' }),
    );
    buttons.set(slot, { button, shown: -1, isShort: false });
    return button;
  };
  return {
    element,
    /** Other things are in the slots, or other keys use them. @param {readonly Slot[]} slots */
    change(slots) {
      const { content, settings } = store.state;
      keep(element, slots, ({ slot }) => slot, make, (button, { slot, key, mana }) => {
        const [cap, what, cost] = button.children;
        text(cap, capOf(/** @type {Record<string, string>} */ (settings.keys)[`ability_${slot}`] ?? ''));
        text(what, nameOf(content, 'ability', key));
        text(cost, mana > 0 ? words.say('match-mana-cost', { mana }) : '');
      });
    },
    /** @param {readonly Slot[]} slots @param {import('./slots.js').Cooling} cooling @param {number} mp @param {number} nowMs */
    show(slots, cooling, mp, nowMs) {
      for (const slot of slots) {
        const entry = buttons.get(slot.slot);
        if (!entry) continue;
        const left = Math.round(cooling.left(slot, nowMs) * 50) / 50;
        if (left !== entry.shown) {
          entry.button.style.setProperty('--left', String(left));
          if ((left > 0) !== entry.shown > 0) entry.button.dataset.cooling = String(left > 0);
          entry.shown = left;
        }
        const isShort = mp < slot.mana;
        if (isShort !== entry.isShort) entry.button.dataset.short = String((entry.isShort = isShort));
      }
    },
  };
}
