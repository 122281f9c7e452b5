import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Store } from '../src/store.js';
import { isOlder, ownEntrant, untilOf, wantOf } from '../src/state/game_view.js';
import { games } from '../src/state/games.js';

/** @typedef {import('../src/state/game_view.js').GameView} GameView */

const stats = { speed: 10, health: 10, defence: 10, strength: 10, luck: 10 };
/** @param {number} number @param {Partial<import('../src/state/game_view.js').Entrant>} [more] */
const entrant = (number, more = {}) => ({ number, creature: 0, owner: 0, owner_name: 'novice', name: `N${number}`, kind: 'emberfox', stats, points: 0, rank: 1, is_in: true, wants: /** @type {const} */ ('nothing'), ...more });
/** @param {number} of @param {number} hp */
const fighter = (of, hp) => ({ entrant: of, hp, hp_max: 100, defends_left: 1, specials_left: 1, has_chosen: false });

/** Two in a battle, one of them a person's. @param {Partial<GameView>} [more] @returns {GameView} */
const view = (more = {}) => ({
  game: 7,
  tournament: 'duel',
  entrants: [entrant(0, { owner: 5, creature: 1, wants: { move: { until_unix_ms: null } } }), entrant(1)],
  pairings: [{ number: 0, round: 0, place: 'final', sides: [0, 1], best_of: 1, wins: [0, 0], outcome: null }],
  battles: [{ pairing: 0, game: 1, turn: 3, fighters: [fighter(0, 80), fighter(1, 60)], last: [] }],
  champion: null,
  is_over: false,
  ...more,
});

const hit = (/** @type {number} */ before, /** @type {number} */ after) => ({ hit: { damage: before - after, is_critical: false, is_defended: false, hp_before: before, hp_after: after } });
const turn = (/** @type {number} */ number) => ({
  turn: {
    pairing: 0,
    game: 1,
    turn: number,
    hp: [80, 40],
    acts: [
      { act: { side: 'first', what: 'special', result: hit(60, 40), defends_left: 1, specials_left: 0 }, words: 'N0 hits N1.' },
      { act: { side: 'second', what: 'attack', result: 'dodged', defends_left: 1, specials_left: 1 }, words: 'N1 misses.' },
    ],
  },
});

function opened() {
  const store = new Store({ games });
  store.dispatch('ui/game_opened', { id: 7 });
  store.dispatch('server/game_followed', { game: 7, is_followed: true, step: 10 });
  store.dispatch('http/game', view());
  return store;
}

test('a turn that is told carries the battle on without asking', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 11, news: turn(3) });
  const { view: now, lines, isStale } = store.state.games;
  assert.equal(isStale, false);
  assert.equal(now?.battles[0].turn, 4);
  assert.deepEqual(now?.battles[0].fighters.map(({ hp, specials_left: left }) => [hp, left]), [[80, 0], [40, 1]]);
  assert.deepEqual(lines.map(({ words, side, hpAfter }) => [words, side, hpAfter]), [['N0 hits N1.', 0, 40], ['N1 misses.', 1, undefined]]);
});

test('a turn that the view has already changes nothing but the log', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 11, news: turn(2) });
  assert.equal(store.state.games.view?.battles[0].turn, 3);
  assert.equal(store.state.games.isStale, false);
  assert.equal(store.state.games.lines.length, 2);
});

test('after a turn for which one had chosen it is asked what is wanted now', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 11, news: { chosen: { entrant: 0, pairing: 0, game: 1, turn: 3 } } });
  assert.deepEqual([store.state.games.view?.entrants[0].wants, store.state.games.view?.battles[0].fighters[0].has_chosen, store.state.games.isStale], ['nothing', true, false]);
  store.dispatch('server/game_told', { game: 7, step: 12, news: turn(3) });
  assert.deepEqual([store.state.games.view?.battles[0].fighters[0].has_chosen, store.state.games.isStale], [false, true]);
});

test('where a turn is missing the game is to be read', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 15, news: turn(5) });
  assert.equal(store.state.games.isStale, true);
  store.dispatch('http/game', view({ battles: [] }));
  assert.equal(store.state.games.isStale, false);
});

test('news of other games are none', () => {
  const store = opened();
  const before = store.state.games;
  store.dispatch('server/game_told', { game: 8, step: 11, news: turn(3) });
  store.dispatch('http/game', view({ game: 8 }));
  assert.equal(store.state.games, before);
});

test('after a cut what is told again is told once', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 11, news: turn(3) });
  store.dispatch('server/game_told', { game: 7, step: 11, news: { wanted: { entrant: 0, wants: { move: {} } } } });
  store.dispatch('link/reconnecting', { attempt: 1, error: new Error('cut') });
  assert.equal(store.state.games.isFollowed, false);
  store.dispatch('server/game_followed', { game: 7, is_followed: true, step: 10 });
  store.dispatch('http/game', store.state.games.view);
  store.dispatch('server/game_told', { game: 7, step: 11, news: turn(3) });
  store.dispatch('server/game_told', { game: 7, step: 11, news: { wanted: { entrant: 0, wants: { move: {} } } } });
  assert.equal(store.state.games.lines.length, 2);
  store.dispatch('server/game_told', { game: 7, step: 12, news: turn(4) });
  assert.equal(store.state.games.lines.length, 4);
});

test('an answer that news have overtaken is not taken, and is asked for again', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 11, news: turn(3) });
  store.dispatch('http/game', view());
  assert.equal(store.state.games.view?.battles[0].turn, 4);
  assert.equal(store.state.games.isStale, true);
  const over = view({ battles: [], is_over: true, champion: 0, pairings: [{ ...view().pairings[0], outcome: { won: 0 } }] });
  assert.equal(isOlder(view(), over), true);
  assert.equal(isOlder(over, view()), false);
});

test('what a victory gives has to be read, and its end is known at once', () => {
  const store = opened();
  store.dispatch('server/game_told', { game: 7, step: 12, news: { ended: { pairing: 0, game: 1, winner: 0, how: 'knockout', words: 'N0 wins.' } } });
  assert.deepEqual(store.state.games.view?.battles, []);
  store.dispatch('server/game_told', { game: 7, step: 12, news: { over: { champion: 0, words: 'N0 has won.' } } });
  const { view: now, lines, isStale } = store.state.games;
  assert.deepEqual([now?.is_over, now?.champion, isStale], [true, 0, true]);
  assert.deepEqual(lines.map(({ words }) => words), ['N0 wins.', 'N0 has won.']);
});

test('a person is asked by the creature of whom something is wanted', () => {
  const two = view({ entrants: [entrant(0, { owner: 5, is_in: false }), entrant(1, { owner: 5 }), entrant(2, { owner: 5, wants: { ready: { until_unix_ms: 99 } } }), entrant(3)] });
  assert.equal(ownEntrant(two, 5)?.number, 2);
  assert.equal(ownEntrant(two, 6), undefined);
  assert.equal(ownEntrant(two, undefined), undefined);
  assert.equal(ownEntrant(two, 0), undefined, 'machines are nobody\'s');
  assert.deepEqual([wantOf('nothing'), wantOf({ ready: { until_unix_ms: 99 } }), untilOf({ ready: { until_unix_ms: 99 } }), untilOf({ move: { until_unix_ms: null } })], ['nothing', 'ready', 99, undefined]);
});

test('a game that people enter is shown until it has begun', () => {
  const store = new Store({ games });
  store.dispatch('ui/game_opened', { id: 7 });
  store.dispatch('http/game', { game_id: 7, state: 'open', entered: 1 });
  assert.equal(store.state.games.entries?.entered, 1);
  store.dispatch('http/game', view());
  assert.equal(store.state.games.view?.game, 7);
  store.dispatch('ui/game_opened', { id: 8 });
  assert.deepEqual([store.state.games.view, store.state.games.entries, store.state.games.lines], [undefined, undefined, []]);
});
