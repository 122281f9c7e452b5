// What stands while it is not known yet whether somebody is logged in: a moment, so nothing flashes.

import { fill, h } from '../dom.js';

/** @type {import('../router.js').Screen} */
export const opening = (root) => {
  fill(root, h('div', { class: 'opening', 'aria-busy': 'true' }));
  return () => {};
};
