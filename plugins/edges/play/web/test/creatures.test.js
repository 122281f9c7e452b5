import assert from 'node:assert/strict';
import { test } from 'node:test';

import { looksOf } from '../src/screens/creatures/looks.js';
import { clockOf } from '../src/clock.js';
import { Playback } from '../src/screens/creatures/playback.js';
import { readBattle } from '../src/state/battle_log.js';
import { nextOf, placeWords, roundsOf, tallyOf, winnerOf } from '../src/state/bracket.js';
import { NO_POINTS, canGive, give, grown, leftOf, newAllocation, statsOfType } from '../src/state/points.js';

const creation = { battle: 'classic', stat_base: 10, stat_min: 1, stat_max: 20, points: 6 };

test('a type has its bias, within what a stat may be', () => {
  assert.deepEqual(statsOfType(creation, { speed: 2, health: -2 }), { speed: 12, health: 8, defence: 10, strength: 10, luck: 10 });
  assert.equal(statsOfType(creation, { luck: -30 }).luck, 1);
  assert.equal(statsOfType(creation, { luck: 30 }).luck, 20);
});

test('nobody gives more points than there are, nor more than a stat takes, nor takes what was not given', () => {
  let allocation = newAllocation(statsOfType(creation, { strength: 8 }), 3, 20);
  for (let time = 0; time < 5; time += 1) allocation = give(allocation, 'strength', 1);
  assert.equal(allocation.given.strength, 2, 'a stat is full at 20');
  assert.equal(canGive(allocation, 'strength', 1), false);
  for (let time = 0; time < 5; time += 1) allocation = give(allocation, 'luck', 1);
  assert.deepEqual([allocation.given.luck, leftOf(allocation)], [1, 0], 'three points in all');
  assert.equal(canGive(allocation, 'speed', 1), false);
  assert.equal(give(allocation, 'speed', -1), allocation, 'nothing was given to it');
  allocation = give(allocation, 'strength', -1);
  assert.deepEqual([allocation.given.strength, leftOf(allocation)], [1, 1]);
  assert.deepEqual(grown(allocation.stats, allocation.given), { speed: 10, health: 10, defence: 10, strength: 19, luck: 11 });
  assert.deepEqual(NO_POINTS, { speed: 0, health: 0, defence: 0, strength: 0, luck: 0 }, 'nobody changed what all begin with');
});

/** @type {(number: number, round: number, place: string, sides: [number | null, number | null], outcome?: import('../src/state/bracket.js').Outcome) => import('../src/state/bracket.js').Pairing} */
const pairing = (number, round, place, sides, outcome = null) => ({ number, round, place, sides, best_of: 1, wins: [0, 0], outcome });

test('pairings stand in rounds, and the match for the third place beside the final', () => {
  const rounds = roundsOf([
    pairing(0, 0, 'semifinal', [0, 3], { won: 0 }),
    pairing(1, 0, 'semifinal', [1, 2], { forfeited: 2 }),
    pairing(2, 1, 'final', [0, 2]),
    pairing(3, 1, 'third_place', [3, 1], { both_gone: null }),
  ]);
  assert.deepEqual(rounds.map(({ place, pairings }) => [place, pairings.map(({ number }) => number)]), [['semifinal', [0, 1]], ['final', [2]], ['third_place', [3]]]);
});

test('who won, who fights next, and how often each has won is read from pairings', () => {
  const pairings = [pairing(0, 0, 'semifinal', [0, 3], { won: 0 }), pairing(1, 0, 'semifinal', [1, 2], { forfeited: 2 }), pairing(2, 1, 'final', [0, 2])];
  assert.deepEqual(pairings.map(winnerOf), [0, 2, undefined]);
  assert.equal(winnerOf(pairing(0, 0, 'final', [0, 1], { both_gone: null })), undefined);
  assert.equal(winnerOf(pairing(0, 0, 'final', [0, null], { both_gone: 0 })), 0);
  assert.equal(nextOf(pairings, 2)?.number, 2);
  assert.equal(nextOf(pairings, 3), undefined);
  assert.deepEqual(tallyOf(pairings, 1), { won: 0, lost: 1 });
  assert.deepEqual(tallyOf(pairings, 0), { won: 1, lost: 0 });
});

test('places have words and numbers', () => {
  assert.deepEqual(placeWords('round_of_16', 0), { id: 'creatures-place-round-of', number: 16 });
  assert.deepEqual(placeWords('grand_final_reset', 7), { id: 'creatures-place-grand-final-reset', number: 7 });
  assert.deepEqual(placeWords('upper_2', 1), { id: 'creatures-place-upper', number: 2 });
});

test('the log of a battle is read, names with bars in them too', () => {
  const log = ['|battle|1', '|side|emberfox|Cin\\pder|Ada|speed=12', '|side|moonhare|Moss|novice|speed=7', '|turn|1|special|defend', '|defends|2', '|hit|1|special|21|130|109|critical|defended', '|dodged|2|attack', '|forfeit|2', '|win|1|forfeit', '|seed|ab', ''];
  assert.deepEqual(readBattle(log.join('\n')), [
    { turn: 1 },
    { who: 'Moss', whom: 'Cin|der', what: 'defends' },
    { who: 'Cin|der', whom: 'Moss', what: 'hits', damage: 21, before: 130, after: 109, isSpecial: true, isCritical: true, isDefended: true },
    { who: 'Moss', whom: 'Cin|der', what: 'misses' },
    { who: 'Moss', whom: 'Cin|der', what: 'left' },
    { who: 'Cin|der', whom: 'Moss', what: 'wins', how: 'forfeit' },
  ]);
});

test('each type of the game has looks of its own, the same ones each time', () => {
  const types = { emberfox: { speed: 2, strength: 1, health: -2, defence: -1 }, galewing: { speed: 3, luck: 1 }, mirebeast: { strength: 3, health: 1, speed: -2 }, moonhare: { luck: 4, health: -1 }, stoneback: { defence: 3, health: 1, speed: -3 }, thornling: { health: 2, defence: 1, speed: -2 } };
  const shapes = Object.entries(types).map(([key, bias]) => {
    const { ears, tail, hasShell, spikes, hasWings, hasJaw, hasMoon } = looksOf(key, bias);
    return [ears, tail, hasShell, spikes, hasWings, hasJaw, hasMoon].join();
  });
  assert.equal(new Set(shapes).size, shapes.length, shapes.join('\n'));
  assert.deepEqual(looksOf('emberfox', types.emberfox, 'Cinder'), looksOf('emberfox', types.emberfox, 'Cinder'));
  assert.notDeepEqual(looksOf('emberfox', types.emberfox, 'Cinder').spots, looksOf('emberfox', types.emberfox, 'Ash').spots, 'two of a type can be told apart');
});

test('time that is left is written by minutes, and by hours where there are any', () => {
  assert.deepEqual([clockOf(-5), clockOf(1.9), clockOf(61), clockOf(3_661)], ['0:00', '0:01', '1:01', '1:01:01']);
});

test('what happened is shown one after the other, in order, and the end is told once', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {string[]} */
  const shown = [];
  const playback = new Playback({ show: (/** @type {string} */ beat) => shown.push(beat), idle: () => shown.push('idle'), lasts: () => 100 });
  playback.push(['one', 'two']);
  assert.deepEqual([shown, playback.isBusy], [['one'], true]);
  playback.push(['three']);
  context.mock.timers.tick(100);
  assert.deepEqual(shown, ['one', 'two']);
  playback.skip();
  assert.deepEqual([shown, playback.isBusy], [['one', 'two', 'three', 'idle'], false]);
  context.mock.timers.tick(1_000);
  assert.equal(shown.length, 4, 'nothing comes after it');
});

test('where motion is unwanted all is shown at once', () => {
  /** @type {number[]} */
  const shown = [];
  const playback = new Playback({ show: (/** @type {number} */ beat) => shown.push(beat), idle: () => shown.push(-1), lasts: () => 0 });
  playback.push([1, 2, 3]);
  assert.deepEqual([shown, playback.isBusy], [[1, 2, 3, -1], false]);
});
