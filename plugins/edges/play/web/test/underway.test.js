import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Effects } from '../src/draw/effects.js';
import { Underway } from '../src/draw/underway.js';
import { Happenings } from '../src/screens/match/happenings.js';

/** Who is at what, and how far. @param {Underway} underway @param {number} nowMs */
function at(underway, nowMs) {
  /** @type {[number, string, number][]} */
  const all = [];
  underway.each(nowMs, (who, part, colour) => all.push([who, colour, part]));
  return all;
}

test('a cast and a way out go on for as long as they were told to take', () => {
  const underway = new Underway();
  underway.take({ cast_began: { who: 4, ability: 1, ticks: 30 } }, 1_000, 30);
  underway.take({ extraction_began: { who: 4, ticks: 90 } }, 1_000, 30);
  assert.deepEqual(at(underway, 1_000), [[4, 'mana', 0], [4, 'exit', 0]]);
  assert.deepEqual(at(underway, 1_750), [[4, 'mana', 0.75], [4, 'exit', 0.25]]);
  assert.deepEqual(at(underway, 2_500), [[4, 'exit', 0.5]], 'what is over is over');
  assert.deepEqual(at(underway, 4_000), []);
});

test('what is broken is over, and what begins again begins anew', () => {
  const underway = new Underway();
  const began = { extraction_began: { who: 4, ticks: 100 } };
  underway.take(began, 0, 10);
  underway.take({ cast_began: { who: 4, ability: 1, ticks: 100 } }, 0, 10);
  underway.take({ extraction_broken: { who: 4 } }, 10, 10);
  assert.deepEqual(at(underway, 1_000), [[4, 'mana', 0.1]], 'who is hurt may go on to cast');
  underway.take(began, 1_000, 10);
  assert.deepEqual(at(underway, 2_000).at(-1), [4, 'exit', 0.1]);
  underway.take({ died: { who: 5, by: 0 } }, 2_000, 10);
  assert.equal(at(underway, 2_000).length, 2, 'of others it says nothing');
  underway.take({ died: { who: 4, by: 5 } }, 2_000, 10);
  assert.deepEqual(at(underway, 2_000), []);
});

test('of a crowd the newest are kept', () => {
  const underway = new Underway();
  for (let who = 1; who <= 1_000; who += 1) underway.take({ cast_began: { who, ability: 0, ticks: 65_535 } }, 0, 10);
  const all = at(underway, 1);
  assert.equal(all.length, 128);
  assert.equal(all.at(-1)?.[0], 1_000);
});

test('rings are drawn around those who are seen, and without motion they grow by quarters', () => {
  const underway = new Underway();
  for (const who of [4, 5]) underway.take({ cast_began: { who, ability: 1, ticks: 10 } }, 0, 10);
  /** @type {number[]} */
  const ends = [];
  const pen = /** @type {any} */ ({ beginPath() {}, stroke() {}, arc: (/** @type {number[]} */ ...[, , , from, to]) => from < 0 && ends.push((to - from) / (2 * Math.PI)) });
  const camera = /** @type {any} */ ({ scale: 1, toScreenX: (/** @type {number} */ x) => x, toScreenY: (/** @type {number} */ y) => y });
  const placeOf = (/** @type {number} */ who) => (who === 4 ? { x: 1, y: 2 } : undefined);
  for (const isStill of [false, true]) underway.paint(pen, camera, /** @type {any} */ ({}), 300, isStill, placeOf);
  assert.deepEqual(ends.map((part) => Math.round(part * 100)), [30, 50]);
});

test('an attack that nothing else tells of is drawn where somebody strikes, and not of oneself', () => {
  const effects = new Effects();
  /** @type {unknown[]} */
  const begun = [];
  const begin = effects.begin.bind(effects);
  effects.begin = (kind, x, y, colour, nowMs, lifeMs) => {
    begun.push([kind, x, y, colour]);
    return begin(kind, x, y, colour, nowMs, lifeMs);
  };
  const ability = /** @type {import('../src/screens/match/slots.js').Slot} */ ({ shape: 'melee', rangeCm: 200, arcDeg: 90 });
  const happenings = new Happenings(effects, /** @type {any} */ ({ say: String }), () => ability);
  happenings.see([/** @type {any} */ ({ id: 4, kind: 'npc', template: 0, x: 10, y: 20 }), /** @type {any} */ ({ id: 6, kind: 'player', template: 0, x: 30, y: 40 })]);
  const swings = [3, 4, 5, 6].map((who) => ({ swung: { who, ability: 1, heading: 64 } }));
  happenings.take(swings, 3, { x: 0, y: 0 }, 0);
  assert.deepEqual(begun, [['blow', 10, 20, 'foe'], ['blow', 30, 40, 'player']], 'one of them is not seen');
});

test('a blow is drawn to where it is struck, whichever way is up', () => {
  const effects = new Effects();
  const ability = { shape: 'melee', rangeCm: 100, arcDeg: 90 };
  for (const up of [1, -1]) {
    effects.use(ability, { x: 0, y: 0 }, 64 << 8, 'foe', 0);
    /** @type {number[]} */
    const middles = [];
    const pen = /** @type {any} */ ({ beginPath() {}, stroke() {}, arc: (/** @type {number[]} */ ...[, , , from]) => middles.push(from + Math.PI / 4) });
    const camera = /** @type {any} */ ({ scale: 1, toScreenX: (/** @type {number} */ x) => x, toScreenY: (/** @type {number} */ y) => y * up });
    effects.paint(pen, camera, /** @type {any} */ ({}), 1, false, {});
    assert.ok(Math.abs((middles.at(-1) ?? 0) - (up * Math.PI) / 2) < 1e-9, `a quarter turn: ${middles}`);
  }
});
