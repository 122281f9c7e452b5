// Not written yet.

import { fill, h } from '../dom.js';

/** @type {import('../router.js').Screen} */
export const match = (root, { words }) => {
  fill(root, h('div', { class: 'page' }, h('h1', {}, words.say('way-match'))));
  return () => {};
};
