// A game: what is wanted of one's own creature, a battle that is looked at, and the bracket. `creatures/game/ID` is one's own part of it,
// `creatures/game/ID/PAIRING` what two others fight, so that reloading keeps the place.

import { fill, h, text } from '../../dom.js';
import { nextOf } from '../../state/bracket.js';
import { battleOf, battleWith, ownEntrant, wantOf } from '../../state/game_view.js';
import { battleView } from './battle.js';
import { placeOf, showBracket } from './bracket.js';
import { ending } from './ending.js';
import { showEntries } from './entries.js';
import { followGame } from './follow.js';
import { called, levelUp } from './levels.js';
import { loadCreatures, loadRules, onceIn } from './loading.js';
import { confirmed } from './mine.js';
import { sameness } from './same.js';
import { pairingLog } from './pairing_log.js';
import { fighterBadge } from './badge.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/game_view.js').GameView} GameView */
/** @typedef {import('../../state/game_view.js').Entrant} Entrant */
/** What is shown above the bracket, and what ends that. @typedef {{ key: string, element: HTMLElement, end: () => void, isBusy?: () => boolean }} Phase */

/** @type {import('../creatures.js').Part} */
export const game = (root, context, rest) => {
  const { store, link, words } = context;
  const id = Number(rest[0]);
  const watched = rest[1] === undefined || rest[1] === '' ? undefined : Number(rest[1]);
  if (!Number.isSafeInteger(id) || id <= 0) {
    fill(root, h('p', { class: 'card' }, words.say('creatures-no-game')));
    return () => {};
  }
  const title = h('h1', {}, words.say('way-creatures'));
  const place = h('p', { class: 'muted', role: 'status' });
  const leave = h('button', { class: 'plain', hidden: true, onclick: () => withdraw() }, words.say('creatures-withdraw'));
  const back = h('a', { class: 'button', hidden: watched === undefined, href: `#/creatures/game/${id}` }, words.say('creatures-back'));
  const stage = h('div', { class: 'stage' });
  const draw = h('div', { class: 'draw' });
  fill(root, h('div', { class: 'row spread' }, h('div', {}, title, place), h('div', { class: 'row' }, back, leave)), stage, draw);
  const following = followGame(context, id);
  /** @type {Phase | undefined} */
  let phase;
  const own = () => store.state.games.view && ownEntrant(store.state.games.view, store.state.session.accountId);
  const withdraw = () => {
    const entrant = own();
    if (entrant) confirmed(words, words.say('creatures-withdraw-sure', { name: entrant.name }), words.say('creatures-withdraw'), () => void following.act(() => link.api.withdraw(id, entrant.number)));
  };

  /** @param {string} key @param {() => Omit<Phase, 'key'>} make */
  function enter(key, make) {
    if (phase?.key === key || phase?.isBusy?.()) return;
    const hadFocus = stage.contains(document.activeElement);
    phase?.end();
    phase = { key, ...make() };
    fill(stage, phase.element);
    // Who plays by keys goes on where the next thing is to be done.
    if (hadFocus) /** @type {HTMLElement | null} */ (stage.querySelector('button:not([hidden]), a'))?.focus();
  }

  const show = () => {
    const { view, entries, kinds, isMissing } = store.state.games;
    text(title, kinds.find(({ tournament }) => tournament === (view ?? entries)?.tournament)?.name ?? words.say('way-creatures'));
    if (!view) {
      leave.hidden = true;
      if (isMissing) return enter('missing', () => ({ element: h('p', { class: 'card' }, words.say('creatures-no-game')), end: () => {} }));
      if (entries) enter('entries', () => entriesPhase(context));
      else enter('loading', () => ({ element: h('p', { class: 'muted' }, words.say('creatures-loading')), end: () => {} }));
      return;
    }
    const entrant = own();
    leave.hidden = watched !== undefined || view.is_over || !entrant?.is_in;
    showStage(view, entrant);
    const current = watched ?? (entrant && nextOf(view.pairings, entrant.number)?.number);
    const pairing = view.pairings.find(({ number }) => number === current);
    text(place, view.is_over ? words.say('creatures-state-over') : pairing ? placeOf(words, pairing) : words.say('creatures-state-running'));
    const ownNumbers = new Set(view.entrants.filter(({ owner }) => owner !== 0 && owner === store.state.session.accountId).map(({ number }) => number));
    showBracket(draw, context, view, { own: ownNumbers, current });
  };

  /** @param {GameView} view @param {Entrant | undefined} entrant */
  function showStage(view, entrant) {
    if (watched !== undefined) return showWatched(view, watched);
    const battle = entrant && battleWith(view, entrant.number);
    if (battle) {
      const { number } = entrant;
      const key = `battle ${battle.pairing} ${battle.game} ${number}`;
      return enter(key, () =>
        battleView(context, battle, number, (move, { pairing, game: which, turn }) => following.act(() => link.api.move(id, { entrant: number, pairing, game: which, turn, move })), () => queueMicrotask(show)),
      );
    }
    if (view.is_over) return enter('over', () => ending(context, view));
    if (!entrant) return enter('looking', () => ({ element: h('p', { class: 'card muted' }, words.say('creatures-looking-on')), end: () => {} }));
    const want = wantOf(entrant.wants);
    const { number } = entrant;
    if (want === 'points') return enter(`points ${number} ${entrant.points} ${JSON.stringify(entrant.stats)}`, () => ({ element: levelUp(context, entrant, (points, key) => following.act(() => link.api.allocateGameStats(id, number, points, key))), end: () => {} }));
    if (want === 'ready') return enter(`ready ${number}`, () => ({ element: called(context, entrant, () => following.act(() => link.api.gameReady(id, number))), end: () => {} }));
    enter(`waiting ${entrant.is_in}`, () => ({ element: waiting(context, entrant), end: () => {} }));
  }

  /** @param {GameView} view @param {number} pairing */
  function showWatched(view, pairing) {
    const battle = battleOf(view, pairing);
    if (battle) return enter(`look ${pairing} ${battle.game}`, () => battleView(context, battle, undefined, async () => {}, () => queueMicrotask(show)));
    const found = view.pairings.find(({ number }) => number === pairing);
    enter(`log ${pairing} ${found?.wins.join()}`, () => ({ element: pairingLog(context, view, found), end: () => {} }));
  }

  let isLeft = false;
  const ends = [
    onceIn(context, () => Promise.all([loadRules(context), loadCreatures(context)])),
    store.watch(
      ({ games, session }) => sameness(games.view, games.entries, games.isMissing, games.kinds, games.types, session.accountId),
      () => !isLeft && show(),
    ),
  ];
  return () => {
    isLeft = true;
    ends.forEach((end) => end());
    phase?.end();
    following.end();
  };
};

/** @param {Context} context @returns {Omit<Phase, 'key'>} */
function entriesPhase(context) {
  const element = h('div', {});
  return { element, end: showEntries(element, context) };
}

/** @param {Context} context @param {Entrant} entrant */
function waiting(context, entrant) {
  const { words } = context;
  return h('section', { class: 'card shape', role: 'status' }, fighterBadge(context, entrant), h('p', {}, words.say(entrant.is_in ? 'creatures-waiting-for-others' : 'creatures-is-out', { name: entrant.name })), h('p', { class: 'muted small' }, words.say('creatures-watch-others')));
}
