// What the colours of the game are for, each with the shape it comes with.

import { h, keep } from '../../dom.js';
import { readPalette } from '../../draw/palette.js';

const SHOWN = /** @type {const} */ (['own', 'player', 'foe', 'item', 'hazard', 'storm', 'exit', 'health', 'mana']);

/** @param {HTMLElement} list @param {import('../../words.js').Words} words */
export function showSwatches(list, words) {
  const palette = readPalette();
  keep(
    list,
    SHOWN,
    (name) => name,
    (name) => h('li', {}, h('span', { class: `swatch ${name}`, 'aria-hidden': 'true' }), words.say(`settings-colour-${name}`)),
    (row, name) => {
      const swatch = row.firstElementChild;
      if (swatch instanceof HTMLElement) swatch.style.background = palette[name];
    },
  );
}
