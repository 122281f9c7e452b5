// Games that one has played, the newest first.

import { fill, h } from '../../dom.js';
import { loadRules, onceIn } from './loading.js';
import { sameness } from './same.js';
import { saidOf } from './said.js';

/** @type {import('../creatures.js').Part} */
export const past = (root, context) => {
  const { store, link, words } = context;
  const list = h('div', { class: 'scroll', role: 'region', tabIndex: 0, 'aria-label': words.say('creatures-way-past') });
  fill(root, h('h1', {}, words.say('creatures-way-past')), list);
  const when = new Intl.DateTimeFormat(words.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const ends = [
    onceIn(context, () => Promise.all([loadRules(context), link.ask('past_games', link.api.games({ count: 50 }))])),
    store.watch(
      ({ games }) => sameness(games.past, games.kinds),
      () => {
        const { past: games, kinds } = store.state.games;
        if (games === undefined) return;
        if (games.length === 0) return fill(list, h('p', { class: 'card muted' }, words.say('creatures-past-none')));
        const row = (/** @type {import('../../state/games.js').PastGame} */ game) =>
          h(
            'tr',
            {},
            h('td', {}, h('a', { href: `#/creatures/game/${game.game_id}` }, kinds.find(({ tournament }) => tournament === game.tournament)?.name ?? game.tournament)),
            h('td', { class: 'right' }, game.size),
            h('td', {}, saidOf(words, 'state', game.state)),
            h('td', {}, when.format(1_000 * (game.ended_s ?? game.created_s))),
          );
        const head = (/** @type {string} */ id, isRight = false) => h('th', { scope: 'col', class: isRight ? 'right' : null }, words.say(id));
        fill(list, h('table', {}, h('thead', {}, h('tr', {}, head('creatures-tournament'), head('creatures-how-many', true), head('creatures-state'), head('creatures-when'))), h('tbody', {}, games.map(row))));
      },
    ),
  ];
  return () => ends.forEach((end) => end());
};
