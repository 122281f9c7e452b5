// What was fought in a pairing, as text: each battle of it by the server's log.

import { fill, h } from '../../dom.js';
import { placeOf } from './bracket.js';
import { factLines } from './facts.js';

/** @typedef {import('../../router.js').Context} Context */

/**
 * @param {Context} context
 * @param {import('../../state/game_view.js').GameView} view
 * @param {import('../../state/bracket.js').Pairing | undefined} pairing
 */
export function pairingLog({ link, words }, view, pairing) {
  if (!pairing) return h('p', { class: 'card' }, words.say('creatures-no-pairing'));
  const names = pairing.sides.map((side) => (side === null ? words.say('creatures-unknown') : (view.entrants[side]?.name ?? '')));
  const fought = pairing.wins[0] + pairing.wins[1];
  const log = h('div', { class: 'log', role: 'region', tabIndex: 0, 'aria-label': words.say('creatures-log') }, words.say(fought > 0 ? 'creatures-loading' : 'creatures-not-fought'));
  const read = async (/** @type {number} */ game) => {
    try {
      fill(log, ...factLines(words, await link.api.get(`/v1/games/${view.game}/battles/${pairing.number}/${game}/log`)));
    } catch (error) {
      fill(log, h('p', { class: 'bad' }, error instanceof Error ? error.message : String(error)));
    }
  };
  const buttons = Array.from({ length: fought > 1 ? fought : 0 }, (_, index) => h('button', { onclick: () => void read(index + 1) }, words.say('creatures-battle-number', { number: index + 1 })));
  if (fought > 0) void read(1);
  return h('section', { class: 'card' }, h('h2', {}, `${names[0]} – ${names[1]}`), h('p', { class: 'muted small' }, placeOf(words, pairing)), h('div', { class: 'row' }, buttons), log);
}
