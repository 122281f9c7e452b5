// A battle as it is fought: both creatures, how much of each is left, what can be done, and all that happened.

import { fill, h, text } from '../../dom.js';
import { followKeys } from '../../keys.js';
import { battleOf, untilOf, wantOf } from '../../state/game_view.js';
import { countdown } from './countdown.js';
import { factLines, turnLine } from './facts.js';
import { fighterPanel } from './fighter.js';
import { Playback } from './playback.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Line} Line */
/** @typedef {import('../../state/game_view.js').Battle} Battle */
/** @typedef {'attack' | 'defend' | 'special'} Move */

const MOVES = /** @type {const} */ (['attack', 'defend', 'special']);
/** How long a blow is looked at, and the end of a battle. */
const BLOW_MS = 650;
const END_MS = 1_400;
/** How long the view waits for the words of what it knows to have happened. */
const PATIENCE_MS = 1_500;

/**
 * @param {Context} context
 * @param {Battle} first
 * @param {number | undefined} own the entrant for whom moves are made; without one it is only looked at
 * @param {(move: Move, battle: Battle) => Promise<unknown>} send
 * @param {() => void} done called when nothing is left to be shown
 */
export function battleView(context, first, own, send, done) {
  const { store, link, words } = context;
  const { pairing, game } = first;
  const { id } = store.state.games;
  const isFlipped = first.fighters[1].entrant === own;
  const order = isFlipped ? [1, 0] : [0, 1];
  const panels = first.fighters.map((fighter, side) => fighterPanel(context, fighter, side === order[1]));
  const status = h('p', { class: 'status', role: 'status' });
  const clock = h('span', {});
  const skip = h('button', { class: 'plain small', hidden: true, onclick: () => playback.skip() }, words.say('creatures-skip'));
  const log = h('div', { class: 'log', role: 'log', tabIndex: 0, 'aria-label': words.say('creatures-log') });
  const buttons = MOVES.map((move, index) => moveButton(words, move, index + 1, () => choose(move)));
  const moves = h('div', { class: 'moves', role: 'group', 'aria-label': words.say('creatures-moves'), hidden: own === undefined }, ...buttons.map(({ element }) => element));
  const element = h(
    'section',
    { class: 'battle', 'aria-label': words.say('creatures-battle') },
    h('div', { class: 'ring' }, panels[order[0]].element, h('span', { class: 'versus', 'aria-hidden': 'true' }, words.say('creatures-versus')), panels[order[1]].element),
    h('div', { class: 'row spread told' }, status, h('span', { class: 'row' }, clock, skip)),
    moves,
    log,
  );
  let lastTurn = 0;
  let shownTurn = first.turn - 1;
  let isSending = false;
  let hasEnded = false;
  let isLeft = false;
  let until = /** @type {number | undefined} */ (undefined);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  const write = (/** @type {HTMLElement} */ line) => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    log.append(line);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  };
  const writeLine = (/** @type {Line} */ line) => {
    if (line.turn !== undefined && line.turn !== lastTurn) write(turnLine(words, (lastTurn = line.turn)));
    write(h('p', { class: line.side === undefined ? 'end' : line.isCritical ? 'critical' : null }, line.words));
  };
  /** @param {Line} line */
  const isDone = (line) => line.side === undefined;
  const playback = new Playback({
    show: (/** @type {Line} */ line) => {
      writeLine(line);
      if (isDone(line)) hasEnded = true;
      if (line.side !== undefined && line.turn !== undefined) {
        shownTurn = Math.max(shownTurn, line.turn);
        panels[line.side].acted(line);
        panels[1 - line.side].suffered(line);
      }
    },
    idle: () => show(),
    lasts: (line) => (store.state.settings.isMotionReduced ? 0 : isDone(line) ? END_MS : BLOW_MS),
  });
  const ofThis = () => store.state.games.lines.filter((line) => line.pairing === pairing && line.game === game);
  const live = () => store.state.games.view && battleOf(store.state.games.view, pairing, game);
  /** @type {Line[]} */
  let seen = ofThis();
  seen.forEach(writeLine);
  const scrollDown = () => (log.scrollTop = log.scrollHeight);
  requestAnimationFrame(scrollDown);
  // After a reload what was told before is read; its words are those of the page.
  const readBefore = async () => {
    log.prepend(...factLines(words, await link.api.get(`/v1/games/${id}/battles/${pairing}/${game}/log`)));
    scrollDown();
  };
  if (seen.length === 0 && first.turn > 1) void readBefore().catch(() => undefined);

  /** @param {Move} move */
  function choose(move) {
    const battle = live();
    const button = buttons[MOVES.indexOf(move)].element;
    if (!battle || isSending || moves.hidden || button.getAttribute('aria-disabled') === 'true') return;
    isSending = true;
    if (playback.isBusy) playback.skip();
    show();
    void send(move, battle).finally(() => {
      isSending = false;
      show();
    });
  }

  /** Whether words are still to come for what the view knows already. */
  function waitsForWords(/** @type {Battle | undefined} */ battle) {
    return battle ? battle.turn - 1 > shownTurn : !hasEnded;
  }

  function show() {
    if (isLeft) return;
    const battle = live();
    const { view, isFollowed } = store.state.games;
    skip.hidden = !playback.isBusy;
    if (!playback.isBusy && waitsForWords(battle)) {
      if (!isFollowed) agree(battle);
      else patience ??= setTimeout(() => agree(live()), PATIENCE_MS);
    }
    const isCurrent = !playback.isBusy && battle !== undefined && !waitsForWords(battle);
    if (isCurrent) battle.fighters.forEach((fighter, side) => panels[side].stand(fighter));
    const entrant = view?.entrants.find(({ number }) => number === own);
    const isAsked = battle !== undefined && entrant !== undefined && wantOf(entrant.wants) === 'move' && !isSending;
    const ownFighter = battle?.fighters.find((fighter) => fighter.entrant === own);
    const left = { attack: undefined, defend: ownFighter?.defends_left ?? 0, special: ownFighter?.specials_left ?? 0 };
    MOVES.forEach((move, index) => buttons[index].show(isAsked, left[move]));
    text(status, statusOf(words, { battle, own, isAsked, view }));
    const next = isAsked ? untilOf(entrant.wants) : undefined;
    if (next !== until) fill(clock, next === undefined ? null : countdown(next, words.say('creatures-deadline')));
    until = next;
    if (!playback.isBusy && !battle && (hasEnded || !waitsForWords(battle))) done();
  }

  /** Goes by the view alone: its words do not come. */
  function agree(/** @type {Battle | undefined} */ battle) {
    clearTimeout(patience);
    patience = undefined;
    if (playback.isBusy || !waitsForWords(battle)) return;
    if (battle) shownTurn = battle.turn - 1;
    else hasEnded = true;
    queueMicrotask(show);
  }

  const { end: endKeys } = followKeys(() => store.state.settings.keys, {
    pressed: (action) => {
      const index = ['ability_1', 'ability_2', 'ability_3'].indexOf(action);
      if (index >= 0 && own !== undefined) choose(MOVES[index]);
    },
  });
  const endWatch = store.watch(
    ({ games }) => games,
    () => {
      const all = ofThis();
      const fresh = all.slice(all.indexOf(/** @type {Line} */ (seen.at(-1))) + 1);
      seen = all;
      if (fresh.length > 0) {
        clearTimeout(patience);
        patience = undefined;
        playback.push(fresh);
      }
      show();
    },
  );
  return {
    element,
    isBusy: () => playback.isBusy || (!live() && !hasEnded),
    end: () => {
      isLeft = true;
      clearTimeout(patience);
      playback.end();
      endKeys();
      endWatch();
    },
  };
}

/** @param {import('../../words.js').Words} words @param {Move} move @param {number} key @param {() => void} choose */
function moveButton(words, move, key, choose) {
  const left = h('span', { class: 'left small number' });
  const element = h('button', { class: `move ${move}`, 'aria-disabled': 'true', onclick: choose }, h('kbd', { 'aria-hidden': 'true' }, key), h('span', {}, words.say(`creatures-move-${move}`)), left);
  /** @param {boolean} isAsked @param {number | undefined} count */
  const show = (isAsked, count) => {
    // Not `disabled`: the focus stays on it from turn to turn.
    element.setAttribute('aria-disabled', String(!isAsked || count === 0));
    text(left, count === undefined ? '' : words.say('creatures-left', { count }));
  };
  return { element, show };
}

/**
 * @param {import('../../words.js').Words} words
 * @param {{ battle: Battle | undefined, own: number | undefined, isAsked: boolean, view: import('../../state/game_view.js').GameView | undefined }} state
 */
function statusOf(words, { battle, own, isAsked, view }) {
  if (!battle) return words.say('creatures-battle-over');
  const { turn } = battle;
  if (isAsked) return words.say('creatures-your-turn', { turn });
  const other = battle.fighters.find((fighter) => fighter.entrant !== own);
  const name = view?.entrants.find(({ number }) => number === other?.entrant)?.name ?? '';
  return own === undefined ? words.say('creatures-turn', { turn }) : words.say('creatures-waits-for', { turn, name });
}
