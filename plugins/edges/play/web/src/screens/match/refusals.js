// What was asked for and refused, told in one line for a while.

import { h, text } from '../../dom.js';

/** Acts that may still be refused. */
const ACTS_MAX = 32;
const SHOWN_MS = 3_500;

/** @param {import('../../router.js').Context} context */
export function refusals({ words }) {
  const element = h('p', { class: 'match-refused', role: 'status' });
  /** @type {Map<number, string>} */
  const acts = new Map();
  let timer = 0;
  return {
    element,
    /** @param {number | undefined} seq of the act @param {string} what it was about */
    acted(seq, what) {
      if (seq === undefined) return;
      acts.set(seq, what);
      if (acts.size > ACTS_MAX) acts.delete(/** @type {number} */ (acts.keys().next().value));
    },
    /** @param {{ seq: number, code: string } | undefined} refused */
    show(refused) {
      const what = refused && acts.get(refused.seq);
      if (!refused || what === undefined) return;
      acts.delete(refused.seq);
      const id = `match-refused-${refused.code.replaceAll('_', '-')}`;
      const why = words.say(id);
      text(element, `${what}: ${why === id ? refused.code : why}`);
      clearTimeout(timer);
      timer = Number(setTimeout(() => text(element, ''), SHOWN_MS));
    },
  };
}
