// Creatures: one's own, tournaments, games that are open, ladders, games of before, and a game that is played or looked at.

import { fill, h } from '../dom.js';
import { game } from './creatures/game.js';
import { ladders } from './creatures/ladders.js';
import { mine } from './creatures/mine.js';
import { open } from './creatures/open.js';
import { past } from './creatures/past.js';
import { setup } from './creatures/setup.js';
import { tournaments } from './creatures/tournaments.js';

/** A part of this screen: fills `root`, returns what ends it. @typedef {(root: HTMLElement, context: import('../router.js').Context, rest: string[]) => () => void} Part */

/** Parts by the second word of the address. @type {Record<string, Part>} */
const PARTS = { '': mine, new: setup, tournaments, open, ladders, past, game };
/** Those that the row of ways has. */
const WAYS = ['', 'tournaments', 'open', 'ladders', 'past'];

/** @type {import('../router.js').Screen} */
export const creatures = (root, context, rest) => {
  const [name, ...more] = rest.split('/');
  const part = Object.hasOwn(PARTS, name) ? name : '';
  const { words, store } = context;
  const body = h('div', { class: 'part' });
  const way = (/** @type {string} */ to) => h('a', { href: `#/creatures${to && '/'}${to}`, 'aria-current': to === (part === 'new' ? '' : part) ? 'page' : null }, words.say(`creatures-way-${to || 'mine'}`));
  const out = h('p', { class: 'card' }, words.say('creatures-log-in'), ' ', h('a', { href: '#/' }, words.say('log-in')));
  fill(root, h('div', { class: 'page creatures' }, h('nav', { class: 'ways', 'aria-label': words.say('creatures-ways') }, WAYS.map(way)), out, body));
  const endWatch = store.watch(
    ({ session }) => session.stand === 'out',
    (isOut) => {
      out.hidden = !isOut;
      body.hidden = isOut;
    },
  );
  const end = PARTS[part](body, context, more);
  return () => {
    endWatch();
    end();
  };
};
