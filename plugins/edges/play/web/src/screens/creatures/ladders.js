// Ladders: one's rating and rank, a place in line, and the way to the battle once there is one.

import { fill, h } from '../../dom.js';
import { loadCreatures, loadRules, newKey, onceIn, typeOf } from './loading.js';
import { standInLine } from './line.js';
import { keepPicks } from './picks.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Ladder} Ladder */

/** @type {import('../creatures.js').Part} */
export const ladders = (root, context) => {
  const { store, link, words } = context;
  const place = h('div', { role: 'status' });
  const list = h('ul', { class: 'cards plain' });
  fill(root, h('h1', {}, words.say('creatures-way-ladders')), place, list);
  const ends = [
    onceIn(context, async () => {
      await Promise.all([loadRules(context), loadCreatures(context)]);
      standInLine(context);
      for (const { key } of store.state.games.ladders) void link.ask('ladder_rating', link.api.ladderRating(key));
    }),
    store.watch(
      ({ games }) => games.place,
      () => showPlace(place, context),
    ),
    store.watch(({ games: { ladders: all, ratings, creatures, place: { state } } }) => JSON.stringify([all, ratings, creatures?.map((each) => [each.creature_id, each.game_id]), state]), () => showLadders(list, context)),
  ];
  return () => ends.forEach((end) => end());
};

/** @param {HTMLElement} root @param {Context} context */
function showPlace(root, context) {
  const { store, link, words } = context;
  const { place } = store.state.games;
  if (place.state === 'nowhere') return fill(root);
  const inside = {
    waiting: () => [h('p', {}, words.say('creatures-waiting', { count: (place.waiting ?? 1) - 1, window: place.window ?? 0 })), h('button', { onclick: () => void link.ask('ladder_place', link.api.leaveLadder()) }, words.say('creatures-leave-line'))],
    starting: () => [h('p', {}, words.say('creatures-starting'))],
    playing: () => [h('p', {}, words.say('creatures-playing')), h('a', { class: 'button', href: `#/creatures/game/${place.game_id}` }, words.say('creatures-to-game'))],
    fell_out: () => [h('p', {}, words.say(`creatures-fell-out-${(place.reason ?? 'failed').replaceAll('_', '-')}`))],
  }[place.state]();
  fill(root, h('div', { class: 'card row spread line' }, inside));
}

/** @param {HTMLElement} list @param {Context} context */
function showLadders(list, context) {
  keepPicks(list, () => fill(list, ...context.store.state.games.ladders.map((ladder) => h('li', {}, ladderCard(context, ladder)))));
}

/** @param {Context} context @param {Ladder} ladder */
function ladderCard(context, ladder) {
  const { store, link, words } = context;
  const { ratings, creatures = [], place } = store.state.games;
  const rating = ratings[ladder.key];
  const free = creatures.filter(({ game_id: game }) => game === undefined);
  const pick = h('select', { name: 'creature' }, ...free.map((each) => h('option', { value: String(each.creature_id) }, `${each.name} · ${typeOf(store.state, each.type).name}`)));
  const isInLine = place.state === 'waiting' || place.state === 'starting' || place.state === 'playing';
  const join = async () => {
    await link.ask('ladder_place', link.api.joinLadder(ladder.key, Number(pick.value), newKey()));
    standInLine(context);
  };
  return h(
    'article',
    { class: 'card' },
    h('h2', {}, ladder.name),
    h('p', { class: 'muted small' }, ladder.description),
    rating && ratingOf(words, ladder, rating),
    free.length === 0 ? h('p', {}, words.say('creatures-need-free'), ' ', h('a', { href: '#/creatures/new' }, words.say('creatures-new'))) : h('label', {}, words.say('creatures-fights'), pick),
    free.length > 0 && h('button', { class: 'primary', disabled: isInLine, onclick: () => void join() }, words.say('creatures-join-line')),
  );
}

/** @param {import('../../words.js').Words} words @param {Ladder} ladder @param {import('../../state/games.js').Rating} rating */
function ratingOf(words, { ranks }, rating) {
  const rank = ranks.find(({ key }) => key === rating.rank);
  const next = ranks.find(({ from }) => from > rating.rating);
  const fill_ = h('i', {});
  const [from, to] = [rank?.from ?? 0, next?.from ?? rating.rating];
  fill_.style.width = `${next ? Math.max(0, (100 * (rating.rating - from)) / (to - from)) : 100}%`;
  return h(
    'div',
    { class: 'rating' },
    h('span', { class: 'big number' }, words.number(rating.rating)),
    h('span', {}, rank?.name ?? rating.rank),
    h('span', { class: 'meter', 'aria-hidden': 'true' }, fill_),
    h('span', { class: 'muted small' }, next ? words.say('creatures-next-rank', { rank: next.name, rating: words.number(next.from) }) : '', ' ', words.say('creatures-battles', { count: rating.battles })),
  );
}
