// The lobby: who one is, what one has, and what one plays. Its parts have addresses of their own; an open loadout stands before all of them.

import { fill, h } from '../dom.js';
import { boards } from './lobby/boards.js';
import { friends } from './lobby/friends.js';
import { history } from './lobby/history.js';
import { loadout } from './lobby/loadout.js';
import { play } from './lobby/play.js';
import { profile } from './lobby/profile.js';
import { readWhileIn } from './lobby/reading.js';
import { shop } from './lobby/shop.js';
import { stash } from './lobby/stash.js';

/** @typedef {(root: HTMLElement, context: import('../router.js').Context) => (() => void)} Part */
/** @type {Record<string, Part>} */
const PARTS = { play, friends, stash, shop, history, boards };

/** @type {import('../router.js').Screen} */
export const lobby = (root, context, rest) => {
  const { store, words, link } = context;
  const part = Object.hasOwn(PARTS, rest) ? rest : 'play';
  const parts = h(
    'nav',
    { class: 'parts', 'aria-label': words.say('lobby-parts') },
    Object.keys(PARTS).map((each) =>
      h('a', { href: each === 'play' ? '#/lobby' : `#/lobby/${each}`, 'aria-current': each === part ? 'page' : null }, words.say(`lobby-${each}`)),
    ),
  );
  const head = h('div', { class: 'head' });
  const body = h('div', { class: 'body' });
  const page = h('div', { class: 'page lobby' }, head, parts, body);
  fill(root, page);
  parts.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  const readProfile = () => void link.ask('profile', link.api.get('/v1/profile'));
  const endHead = profile(head, context);
  let endBody = () => {};
  const ends = [
    store.watch(
      ({ lobby: state }) => state.loadout?.matchId,
      (match) => {
        endBody();
        const isOpen = match !== undefined;
        page.classList.toggle('loading', isOpen);
        head.hidden = parts.hidden = isOpen;
        fill(body);
        endBody = (isOpen ? loadout : PARTS[part])(body, context);
      },
    ),
    // What a match or a visit to the world was worth shows as soon as it is settled.
    store.watch(({ session }) => session.place === undefined, (isFree, before) => isFree && before === false && readProfile()),
    readWhileIn(context, readProfile),
  ];
  return () => {
    for (const end of ends) end();
    endBody();
    endHead();
  };
};
