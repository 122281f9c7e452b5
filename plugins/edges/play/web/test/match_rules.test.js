import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compassOf, directionOf, nearest } from '../src/screens/match/angles.js';
import { secondsUntil, tickAt, Warnings } from '../src/screens/match/clock.js';
import { bestExit } from '../src/screens/match/exits.js';
import { Glide } from '../src/screens/match/glide.js';
import { quickLoadout } from '../src/screens/match/loadout.js';
import { Pilot } from '../src/screens/match/pilot.js';
import { Cooling, slotsOf } from '../src/screens/match/slots.js';
import { Steps } from '../src/screens/match/steps.js';
import { content } from '../src/state/content.js';
import { match } from '../src/state/match.js';

const ORIGIN = { x: 0, y: 0 };
/** @param {number} id @param {string} kind @param {number} x @param {number} y */
const entity = (id, kind, x, y) => /** @type {import('../sdk/lane/types.js').Entity} */ ({ id, kind, template: 0, x, y, heading: 0, hp_band: 15, extent: 0 });

test('directions go from east by way of south, which is down', () => {
  assert.deepEqual([directionOf(1, 0), directionOf(0, 1), directionOf(-1, 0), directionOf(0, -1)], [0, 16_384, 32_768, 49_152]);
  assert.deepEqual([0, 8_192, 16_384, 49_152, 65_535].map(compassOf), ['e', 'se', 's', 'n', 'e']);
});

test('the nearest is the nearest of those that are meant, within reach', () => {
  const things = [entity(1, 'npc', 10, 0), entity(2, 'item', 5, 0), entity(3, 'npc', 0, 8)];
  assert.equal(nearest(ORIGIN, things, 20, ({ kind }) => kind === 'npc')?.id, 3);
  assert.equal(nearest(ORIGIN, things, 7, ({ kind }) => kind === 'npc'), undefined);
});

test('keys walk eight ways, and two against each other nowhere', () => {
  const pilot = new Pilot();
  pilot.held = new Set(['down', 'right']);
  assert.deepEqual(pilot.steer(ORIGIN, []), { walk: 8_192, pace: 100, aim: 8_192, ability: 0 });
  pilot.held = new Set(['left', 'right']);
  assert.equal(pilot.steer(ORIGIN, []).pace, 0);
});

test('who stands looks where they looked last', () => {
  const pilot = new Pilot();
  pilot.held = new Set(['left']);
  pilot.steer(ORIGIN, []);
  pilot.held = new Set();
  assert.deepEqual(pilot.steer(ORIGIN, []), { walk: 32_768, pace: 0, aim: 32_768, ability: 0 });
});

test('the pointer aims, wherever one walks', () => {
  const pilot = new Pilot();
  pilot.held = new Set(['left']);
  pilot.pointer = { x: 0, y: 500 };
  assert.deepEqual(pilot.steer(ORIGIN, [entity(1, 'npc', 10, 0)]), { walk: 32_768, pace: 100, aim: 16_384, ability: 0 });
});

test('without a pointer one strikes at whoever is nearest', () => {
  const pilot = new Pilot();
  pilot.press(1);
  assert.deepEqual(pilot.steer(ORIGIN, [entity(1, 'npc', 0, 300), entity(2, 'item', 10, 0)]), { walk: 0, pace: 0, aim: 16_384, ability: 1 });
});

test('a press counts once, what is held goes on', () => {
  const pilot = new Pilot();
  pilot.press(3);
  assert.deepEqual([pilot.steer(ORIGIN, []).ability, pilot.steer(ORIGIN, []).ability], [3, 0]);
  pilot.isFiring = true;
  assert.deepEqual([pilot.steer(ORIGIN, []).ability, pilot.steer(ORIGIN, []).ability], [1, 1]);
  pilot.rest();
  assert.equal(pilot.steer(ORIGIN, []).ability, 0);
});

test('sticks walk as far as they are pulled, and aim', () => {
  const pilot = new Pilot();
  pilot.walkStick = { x: 0, y: 0.5 };
  pilot.aimStick = { x: -1, y: 0 };
  assert.deepEqual(pilot.steer(ORIGIN, [entity(1, 'npc', 10, 0)]), { walk: 16_384, pace: 50, aim: 32_768, ability: 1 });
  pilot.walkStick = { x: 0.1, y: 0 };
  assert.equal(pilot.steer(ORIGIN, []).pace, 0, 'a thumb that only rests walks nowhere');
});

test('steps come at their rate, and what is late is caught up with only a little', () => {
  const steps = new Steps(50);
  assert.deepEqual([0, 10, 20, 65, 70, 80].map((now) => steps.due(now)), [1, 0, 1, 2, 0, 1]);
  assert.equal(steps.due(5_000), 3, 'after a long sleep three, and no more');
  assert.equal(steps.due(5_001), 0);
});

test('the avatar glides from step to step, and leaps where it was put', () => {
  const glide = new Glide();
  assert.equal(glide.at(0), undefined);
  glide.take({ x: 0, y: 0 }, 0, 40);
  glide.take({ x: 100, y: 0 }, 40, 40);
  assert.equal(glide.at(60)?.x, 50);
  assert.equal(glide.at(200)?.x, 100, 'never beyond what is known');
  glide.take({ x: 9_000, y: 0 }, 200, 40);
  assert.equal(glide.at(200)?.x, 9_000);
});

test('clocks', () => {
  assert.deepEqual([secondsUntil(90, 0, 30), secondsUntil(91, 0, 30), secondsUntil(1, 5, 30)], [3, 4, 0]);
  assert.deepEqual([tickAt(100, 0, 100, 30), tickAt(100, 0, 90_000, 30)], [103, 130]);
});

test('a hazard that appears near only warns at first; one that came into sight may hurt already', () => {
  const warnings = new Warnings();
  const take = (/** @type {number} */ tick, /** @type {number} */ id, /** @type {number} */ x) =>
    warnings.take(tick, [{ ...entity(id, 'hazard', x, 0), extent: 10 }], ORIGIN, 6_000, () => 60);
  warnings.take(0, [], ORIGIN, 6_000, () => 60);
  take(2, 1, 1_000);
  assert.deepEqual([warnings.left(1, 2), warnings.left(1, 32), warnings.left(1, 99)], [60, 30, 0]);
  take(4, 2, 5_900);
  assert.equal(warnings.left(2, 4), 0);
  take(90, 3, 1_000);
  assert.equal(warnings.left(3, 90), 0, 'after a cut nobody knows since when it is there');
});

test('one makes for the nearest open exit, else for the one that opens next', () => {
  const exit = (/** @type {number} */ x, /** @type {number} */ opens, /** @type {number} */ closes) => ({ x, y: 0, radius: 1, opens_tick: opens, closes_tick: closes, channel_ticks: 9 });
  const exits = [exit(500, 100, 200), exit(50, 150, 400), exit(300, 100, 300)];
  const state = /** @type {import('../src/state/match.js').Match} */ ({ ...match.initial, match: /** @type {any} */ ({ exits }) });
  assert.deepEqual([0, 120, 160, 350].map((tick) => bestExit(state, ORIGIN, tick)?.number), [2, 2, 1, 1]);
  assert.equal(bestExit(state, ORIGIN, 400), undefined);
  assert.equal(bestExit(state, ORIGIN, 120)?.untilTick, 300);
});

const TABLES = /** @type {import('../src/state/content.js').Content} */ ({
  ...content.initial,
  tables: {
    modes: [{ key: 'blitz', avatar: { abilities: ['fists', 'nova'] } }],
    abilities: [
      { key: 'fists', shape: 'melee', cooldown_ms: 500, mana: 0, range_cm: 120, arc_deg: 90 },
      { key: 'slash', shape: 'melee', cooldown_ms: 800, mana: 0, range_cm: 200, arc_deg: 100 },
      { key: 'nova', shape: 'area', cooldown_ms: 9_000, mana: 20, range_cm: 500 },
    ],
    items: [
      { key: 'sword', kind: 'weapon', slot: 'weapon', ability: 'slash', value: 10 },
      { key: 'axe', kind: 'weapon', slot: 'weapon', ability: 'slash', value: 20 },
      { key: 'medkit', kind: 'consumable', value: 5 },
      { key: 'idol', kind: 'valuable', value: 500 },
    ],
  },
});

test('the first slot is that of the weapon that is worn', () => {
  const keys = (/** @type {boolean} */ equipped) => slotsOf(TABLES, 'blitz', [{ template: 'sword', equipped }]).map(({ key }) => key);
  assert.deepEqual(keys(true), ['slash', 'nova']);
  assert.deepEqual(keys(false), ['fists', 'nova']);
});

test('a slot cools down from when the server says that it was used', () => {
  const slots = slotsOf(TABLES, 'blitz', []);
  const cooling = new Cooling();
  assert.deepEqual(cooling.take(0b10, slots, 1_000).map(({ slot }) => slot), [2]);
  assert.equal(cooling.left(slots[1], 5_500), 0.5);
  assert.deepEqual(cooling.take(0b10, slots, 5_500), [], 'it still does');
  assert.deepEqual(cooling.take(0b10, slots, 10_100).map(({ slot }) => slot), [2], 'it cools for longer than it can: it was used again');
  cooling.take(0, slots, 20_000);
  assert.equal(cooling.left(slots[1], 20_000), 0);
});

test('without a choice one takes the best of each thing that is worn, and something to heal with', () => {
  const stash = ['sword', 'axe', 'idol', 'medkit', 'medkit', 'medkit'].map((template, at) => ({ item: `i-${at}`, template }));
  assert.deepEqual(quickLoadout(TABLES, stash).sort(), ['i-1', 'i-3', 'i-4']);
});
