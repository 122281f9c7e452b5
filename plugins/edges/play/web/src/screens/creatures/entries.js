// A game that people enter: who has, when it starts, and going in and out.

import { fill, h } from '../../dom.js';
import { loadCreatures, newKey, typeOf } from './loading.js';
import { confirmed } from './mine.js';
import { entryFacts } from './open.js';
import { picture } from './picture.js';
import { saidOf } from './said.js';
import { keepPicks } from './picks.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Entries} Entries */

/** @param {Context} context @param {Entries} game */
export function entriesView(context, game) {
  const { store, words } = context;
  const account = store.state.session.accountId;
  const entries = game.entries ?? [];
  const isOpen = game.state === 'open';
  const isFull = game.entered >= game.size;
  const ownCount = entries.filter(({ account_id: of }) => of === account).length;
  const kind = store.state.games.kinds.find(({ tournament }) => tournament === game.tournament);
  const canEnter = isOpen && !isFull && ownCount < game.per_person_max;
  return h(
    'div',
    { class: 'setup' },
    h(
      'section',
      { class: 'card', 'aria-label': words.say('creatures-entries') },
      h('h2', {}, words.say('creatures-entries')),
      entries.length === 0 ? h('p', { class: 'muted' }, words.say('creatures-entries-none')) : h('ol', { class: 'plain stack' }, ...entries.map((entry) => entryRow(context, game, entry, entry.account_id === account && isOpen))),
    ),
    h(
      'section',
      { class: 'card shape', 'aria-label': kind?.name ?? game.tournament },
      h('h2', {}, saidOf(words, 'state', game.state)),
      kind && h('p', { class: 'muted small' }, kind.description),
      entryFacts(words, game),
      canEnter && enterForm(context, game),
      isOpen && game.account_id === account && h('button', { onclick: () => callOff(context, game) }, words.say('creatures-call-off')),
    ),
  );
}

/** @param {Context} context @param {Entries} game @param {import('../../state/games.js').Entry} entry @param {boolean} canLeave */
function entryRow({ store, link, words }, game, entry, canLeave) {
  const type = typeOf(store.state, entry.type);
  const leave = () => void link.ask('game', link.api.leaveGame(game.game_id, entry.creature_id));
  return h(
    'li',
    { class: 'row spread' },
    h('span', { class: 'head small-picture' }, picture(type, entry.name), h('span', {}, h('strong', {}, entry.name), h('span', { class: 'muted small' }, ` ${type.name} · ${entry.owner_name}`))),
    canLeave && h('button', { 'aria-label': words.say('creatures-leave-with', { name: entry.name }), onclick: leave }, words.say('creatures-leave')),
  );
}

/** @param {Context} context @param {Entries} game */
function enterForm(context, game) {
  const { store, link, words } = context;
  const key = newKey();
  const free = (store.state.games.creatures ?? []).filter(({ game_id: of }) => of === undefined);
  if (free.length === 0) return h('p', {}, words.say('creatures-need-free'), ' ', h('a', { href: '#/creatures/new' }, words.say('creatures-new')));
  const pick = h('select', { name: 'creature' }, ...free.map((each) => h('option', { value: String(each.creature_id) }, `${each.name} · ${typeOf(store.state, each.type).name}`)));
  const enter = async () => {
    await link.ask('game', link.api.enterGame(game.game_id, Number(pick.value), key));
    await loadCreatures(context);
  };
  return h('div', { class: 'stack' }, h('label', {}, words.say('creatures-enters'), pick), h('button', { class: 'primary', onclick: () => void enter() }, game.entry_fee > 0 ? words.say('creatures-enter-for', { fee: game.entry_fee }) : words.say('creatures-enter')));
}

/** @param {Context} context @param {Entries} game */
function callOff({ link, words }, game) {
  confirmed(words, words.say('creatures-call-off-sure'), words.say('creatures-call-off'), () => void link.ask('game', link.api.callOffGame(game.game_id)));
}

/** Shows entries, and again whenever they or one's free creatures are others. @param {HTMLElement} root @param {Context} context */
export function showEntries(root, context) {
  const shown = () => {
    const { entries } = context.store.state.games;
    if (entries) keepPicks(root, () => fill(root, entriesView(context, entries)));
  };
  return context.store.watch(({ games: { entries, creatures, kinds, types } }) => JSON.stringify([entries, creatures?.map((each) => [each.creature_id, each.game_id, each.name]), kinds.length, types.length]), shown);
}
