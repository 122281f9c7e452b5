// Games that people enter: what is open, how full it is, and when it starts.

import { fill, h, keep } from '../../dom.js';
import { countdown } from './countdown.js';
import { loadRules, onceIn } from './loading.js';
import { saidOf } from './said.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Entries} Entries */

/** How often the list is read while somebody looks at it. */
const READ_MS = 5_000;

/** @type {import('../creatures.js').Part} */
export const open = (root, context) => {
  const { store, link, words } = context;
  const list = h('ul', { class: 'cards plain' });
  const none = h('p', { class: 'card muted', hidden: true }, words.say('creatures-open-none'));
  fill(root, h('div', { class: 'row spread' }, h('h1', {}, words.say('creatures-open-games')), h('a', { class: 'button', href: '#/creatures/tournaments' }, words.say('creatures-open'))), none, list);
  const read = () => link.ask('open_games', link.api.openGames({ count: 100 }));
  const beat = setInterval(() => store.state.session.stand === 'open' && !document.hidden && void read(), READ_MS);
  const ends = [
    onceIn(context, () => Promise.all([loadRules(context), read()])),
    store.watch(
      ({ games }) => games.open,
      (games) => {
        none.hidden = games === undefined || games.length > 0;
        keep(list, games ?? [], (game) => JSON.stringify([game, store.state.games.kinds.length]), (game) => h('li', {}, openCard(context, game)));
      },
    ),
  ];
  return () => {
    clearInterval(beat);
    ends.forEach((end) => end());
  };
};

/** @param {Context} context @param {Entries} game */
function openCard({ store, words }, game) {
  const kind = store.state.games.kinds.find(({ tournament }) => tournament === game.tournament);
  return h(
    'article',
    { class: 'card' },
    h('h2', {}, kind?.name ?? game.tournament),
    h('p', { class: 'muted small' }, game.account_id === undefined ? words.say('creatures-by-house') : game.account_id === store.state.session.accountId ? words.say('creatures-by-you') : ''),
    entryFacts(words, game),
    h('a', { class: 'button', href: `#/creatures/game/${game.game_id}` }, words.say('creatures-look')),
  );
}

/** What is to know before one enters. @param {import('../../words.js').Words} words @param {Entries} game */
export function entryFacts(words, game) {
  const fact = (/** @type {string} */ id, /** @type {import('../../dom.js').Child} */ value) => h('div', {}, h('dt', {}, words.say(id)), h('dd', { class: 'number' }, value));
  return h(
    'dl',
    { class: 'facts' },
    fact('creatures-entered', `${game.entered} / ${game.size}`),
    game.state === 'open' && fact('creatures-starts-in', countdown(1_000 * game.starts_s, words.say('creatures-starts-in'))),
    game.opponents ? fact('creatures-machines', saidOf(words, 'level', game.opponents)) : null,
    game.people_min > 1 && fact('creatures-people-min', game.people_min),
    game.entry_fee > 0 && fact('creatures-entry-fee', game.entry_fee),
    game.pot > 0 && fact('creatures-pot', game.pot),
    game.prizes_percent.length > 0 && game.pot > 0 && fact('creatures-prizes', game.prizes_percent.map((percent) => `${percent} %`).join(' · ')),
  );
}
