// The bracket: rounds as columns, pairings as lists in them, each a way to what was or is fought there.

import { fill, h } from '../../dom.js';
import { placeWords, roundsOf, winnerOf } from '../../state/bracket.js';
import { battleOf } from '../../state/game_view.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/game_view.js').GameView} GameView */
/** @typedef {import('../../state/bracket.js').Pairing} Pairing */

/** What is seen of the round before the one that is fought. */
const SIGHT_PX = 40;

/** What each bracket on the page shows, and which pairing it was brought into sight for. @type {WeakMap<HTMLElement, { shown: string, current: number | undefined }>} */
const drawn = new WeakMap();

/** What a pairing's place is called. @param {import('../../words.js').Words} words @param {Pairing} pairing */
export function placeOf(words, { place, round }) {
  const { id, number } = placeWords(place, round);
  return words.say(id, { number });
}

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @param {GameView} view
 * @param {{ own: ReadonlySet<number>, current: number | undefined }} marks one's entrants, and the pairing that is looked at
 */
export function showBracket(root, { words }, view, { own, current }) {
  const fought = view.battles.map(({ pairing }) => pairing);
  const shown = JSON.stringify([view.pairings, fought, view.is_over, [...own], current]);
  const before = drawn.get(root);
  if (before?.shown === shown) return;
  drawn.set(root, { shown, current });
  const columns = roundsOf(view.pairings).map(({ pairings }) =>
    h('li', { class: 'round' }, h('h2', {}, placeOf(words, pairings[0])), h('ol', { class: 'plain' }, ...pairings.map((pairing) => pairingItem(words, view, pairing, own, current)))),
  );
  const left = root.firstElementChild?.scrollLeft ?? 0;
  const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : undefined;
  const scroller = h('div', { class: 'scroll', role: 'region', tabIndex: 0, 'aria-label': words.say('creatures-bracket') }, h('ol', { class: 'bracket plain' }, columns));
  fill(root, scroller);
  scroller.scrollLeft = left;
  // On a phone the round that is fought may be out of sight.
  const now = before?.current === current ? null : /** @type {HTMLElement | null} */ (scroller.querySelector('[aria-current]'));
  if (now) scroller.scrollLeft = now.offsetLeft - scroller.offsetLeft - SIGHT_PX;
  if (focused) /** @type {HTMLElement | null} */ (root.querySelector(`a[href="${focused}"]`))?.focus();
}

/** @param {import('../../words.js').Words} words @param {GameView} view @param {Pairing} pairing @param {ReadonlySet<number>} own @param {number | undefined} current */
function pairingItem(words, view, pairing, own, current) {
  const isLive = battleOf(view, pairing.number) !== undefined;
  const hasFought = pairing.wins[0] + pairing.wins[1] > 0;
  // Of games that are over only the battles of people are kept.
  const isPeoples = pairing.sides.some((side) => side !== null && view.entrants[side]?.owner !== 0);
  const isOpenable = isLive || (hasFought && (!view.is_over || isPeoples));
  const body = [...pairing.sides.map((side, index) => sideRow(words, view, pairing, side, index, own)), h('span', { class: 'state small' }, stateOf(words, pairing, isLive))];
  const isOwn = pairing.sides.some((side) => side !== null && own.has(side));
  const properties = { class: `pairing${isOwn ? ' own' : ''}${isLive ? ' live' : ''}`, 'aria-current': pairing.number === current ? 'true' : null };
  return h('li', {}, isOpenable ? h('a', { ...properties, href: `#/creatures/game/${view.game}/${pairing.number}` }, body) : h('div', properties, body));
}

/** @param {import('../../words.js').Words} words @param {GameView} view @param {Pairing} pairing @param {number | null} side @param {number} index @param {ReadonlySet<number>} own */
function sideRow(words, view, pairing, side, index, own) {
  const entrant = side === null ? undefined : view.entrants[side];
  const winner = winnerOf(pairing);
  const isWinner = side !== null && winner === side;
  const isLoser = winner !== undefined && !isWinner;
  const name = entrant?.name ?? words.say(pairing.outcome === null ? 'creatures-unknown' : 'creatures-bye');
  return h(
    'span',
    { class: `side${isWinner ? ' winner' : ''}${isLoser || !entrant ? ' loser' : ''}` },
    h('span', { class: 'who' }, name, side !== null && own.has(side) ? h('span', { class: 'you small' }, ` ${words.say('creatures-you')}`) : null),
    isWinner ? h('span', { class: 'small' }, words.say('creatures-won')) : null,
    pairing.best_of > 1 ? h('span', { class: 'number' }, pairing.wins[index]) : null,
  );
}

/** @param {import('../../words.js').Words} words @param {Pairing} pairing @param {boolean} isLive */
function stateOf(words, { outcome, sides }, isLive) {
  if (isLive) return words.say('creatures-live');
  if (outcome === null) return sides.every((side) => side !== null) ? words.say('creatures-soon') : '';
  if (typeof outcome === 'object' && 'forfeited' in outcome) return words.say('creatures-forfeited');
  if (typeof outcome === 'object' && 'both_gone' in outcome) return words.say('creatures-both-gone');
  return outcome === 'not_needed' ? words.say('creatures-not-needed') : '';
}
