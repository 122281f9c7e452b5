// The world's rules without a page: the state, walking, and the line where one types.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { completed, Typed } from '../src/screens/world/line.js';
import { directionOf, Walker } from '../src/screens/world/walk.js';
import { world } from '../src/state/world.js';

const PLACE = { match_id: 7, mode: 'lanternfoot', kind: 'world', tick_hz: 10, avatar: 3, radius: 100, side: 24_576, obstacles: [], pois: [], exits: [] };

/** What comes of things that happen one after the other. @param {[string, any][]} happenings */
const after = (...happenings) =>
  happenings.reduce((state, [type, payload]) => /** @type {any} */ (world.on)[type]?.(state, payload) ?? state, world.initial);
/** @param {string} id @param {Record<string, string>} [named] @param {number} [tick] @returns {[string, any]} */
const told = (id, named = {}, tick = 5) => ['server/told', { tick, news: { told: { id, arguments: Object.entries(named), words: id } } }];
/** @param {object} news @param {number} [tick] @returns {[string, any]} */
const news = (news, tick = 5) => ['server/told', { tick, news }];
/** @type {[string, any][]} */
const ENTERED = [
  ['link/connected', { current_match: null }],
  ['server/match_started', PLACE],
];

test('a place is entered, and a match is none', () => {
  assert.equal(after(...ENTERED).stage, 'in');
  assert.equal(after(ENTERED[0], ['server/match_started', { ...PLACE, mode: 'blitz', kind: 'match' }]).stage, 'out');
});

test('what others begin and strike at is kept to be shown, each once', () => {
  const cast = { cast_began: { who: 8, ability: 2, ticks: 4 } };
  const swung = { swung: { who: 9, ability: 1, heading: 64 } };
  const { struck, last, log } = after(...ENTERED, ['server/events', { tick: 5, events: [cast, swung] }]);
  assert.deepEqual(struck.map(({ number, what, who, event }) => [number, what, who, event]), [[last - 1, 'deed', 8, cast], [last, 'deed', 9, swung]]);
  assert.equal(log.length, 0, 'words come from the server');
});

test('one is out once goodbye is settled, and what is settled late changes nothing', () => {
  const settled = /** @type {[string, any]} */ (['server/settled', { match_id: 99, report: {} }]);
  assert.equal(after(...ENTERED, settled).stage, 'in', 'an earlier visit');
  assert.equal(after(...ENTERED, told('goodbye')).stage, 'leaving');
  const left = after(...ENTERED, told('goodbye'), settled);
  assert.equal(left.stage, 'out');
  assert.equal(left.place, undefined);
  assert.deepEqual(left.log.map(({ words }) => words), ['goodbye'], 'what was told stays to be read');
});

test('a place that is told again after a cut keeps what is known of it', () => {
  const room = { key: 'inn', name: 'Inn', description: '', is_safe: true, exits: [] };
  const back = after(...ENTERED, news({ room }), ['link/connected', { current_match: 7 }], ['server/match_started', PLACE]);
  assert.equal(back.room?.key, 'inn');
  const away = after(...ENTERED, news({ room }), ['server/match_started', { ...PLACE, match_id: 8, mode: 'wolfwood' }]);
  assert.equal(away.room, undefined, 'another place has other rooms');
  const gone = after(...ENTERED, ['link/connected', { current_match: null }]);
  assert.equal(gone.stage, 'out', 'the server knows of no place any more');
});

test('the exit of a door that changes here changes, and that of another one does not', () => {
  const exit = (/** @type {string} */ word, /** @type {string} */ state, /** @type {number} */ version) => ({ word, door: { state, version } });
  const room = { key: 'lane', name: '', description: '', is_safe: true, exits: [exit('west', 'closed', 1), exit('east', 'closed', 4)] };
  const block = { x_min: 0, y_min: 0, x_max: 1, y_max: 1 };
  const door = (/** @type {string} */ key, /** @type {number} */ version) => news({ door: { key, state: 'open', block, version } }, 9);
  const elsewhere = after(...ENTERED, news({ room }), door('crypt', 2));
  assert.deepEqual(elsewhere.room?.exits, room.exits);
  assert.equal(elsewhere.doors.crypt, 'open', 'but on the map it does');
  const here = after(...ENTERED, news({ room }), told('door-opens', { door: 'a door' }, 9), door('shop_door', 2));
  assert.deepEqual(here.room?.exits, [exit('west', 'open', 2), exit('east', 'closed', 4)]);
});

test('a trade goes from the question to its end', () => {
  const asked = after(...ENTERED, told('asks-to-trade', { who: 'Bob' }));
  assert.deepEqual(asked.trade, { stage: 'asked', name: 'Bob', own: false, their: false });
  const open = /** @type {[string, any][]} */ ([...ENTERED, told('trade-begins', { who: 'Bob' }), news({ table: { with: 8, version: 2, own: [], their: [] } })]);
  assert.equal(after(...open).trade?.table?.version, 2);
  const agreed = after(...open, told('trade-agreed', { who: 'Bob' }));
  assert.deepEqual([agreed.trade?.own, agreed.trade?.their], [false, true]);
  const anew = after(...open, told('trade-agreed', { who: 'Bob' }), news({ table: { with: 8, version: 3, own: [], their: [] } }));
  assert.deepEqual([anew.trade?.their, anew.trade?.name], [false, 'Bob'], 'another table has to be agreed to anew');
  for (const id of ['trade-done', 'trade-off']) assert.equal(after(...open, told(id)).trade, undefined);
});

test('a name that was asked for is kept, and the log does not tell of it', () => {
  const asked = /** @type {[string, any]} */ (['ui/world_asking', { who: 8 }]);
  const state = after(...ENTERED, asked, told('looks-at', { what: 'Bob', state: 'unhurt' }), told('looks-at', { what: 'Cid', state: 'hurt' }));
  assert.deepEqual(state.names, { 8: 'Bob' });
  assert.deepEqual(state.log.map(({ words }) => words), ['looks-at'], 'what was looked at by hand is told');
  assert.deepEqual(after(...ENTERED, asked, told('no-such-thing')).names, {}, 'out of sight');
});

test('effects are those that one bears oneself', () => {
  const events = (/** @type {object[]} */ ...events) => /** @type {[string, any]} */ (['server/events', { tick: 1, events }]);
  const state = after(...ENTERED, events({ effect_began: { who: 3, effect: 2 } }, { effect_began: { who: 4, effect: 5 } }, { effect_began: { who: 3, effect: 6 } }));
  assert.deepEqual(state.effects, [2, 6]);
  assert.deepEqual(after(...ENTERED, events({ effect_began: { who: 3, effect: 2 } }), events({ effect_ended: { who: 3, effect: 2 } })).effects, []);
});

test('the log keeps the newest lines', () => {
  const many = Array.from({ length: 400 }, (_, index) => told('says', { words: String(index) }));
  const { log } = after(...ENTERED, ...many);
  assert.equal(log.length, 300);
  assert.equal(log.at(-1)?.number, 400);
});

test('keys say where to walk, and north is up', () => {
  assert.equal(directionOf(new Set(['right'])), 0);
  assert.equal(directionOf(new Set(['up'])), 16_384);
  assert.equal(directionOf(new Set(['up', 'left'])), 24_576);
  assert.equal(directionOf(new Set(['up', 'down'])), undefined);
});

test('who walks to a point stops there, and where something is in the way', () => {
  const walker = new Walker();
  let isThere = false;
  walker.goTo({ x: 1_000, y: 0 }, { then: () => (isThere = true) });
  assert.deepEqual(walker.step(new Set(), { x: 0, y: 0 }), { walk: 0, pace: 100 });
  assert.equal(walker.step(new Set(), { x: 980, y: 0 })?.pace, 0);
  assert.equal(isThere, true);
  walker.step(new Set(), null);
  walker.step(new Set(), null);
  assert.equal(walker.step(new Set(), null), undefined, 'then nothing more is said');

  walker.goTo({ x: 1_000, y: 0 });
  const paces = Array.from({ length: 6 }, () => walker.step(new Set(), { x: 500, y: 0 })?.pace);
  assert.deepEqual(paces, [100, 100, 100, 100, 0, 0], 'a wall is in the way');
  assert.equal(walker.goal, undefined);
});

test('the last step to a point is as long as it has to be, and nobody goes to and fro around it', () => {
  for (const speed of [164, 0]) {
    const walker = new Walker();
    walker.goTo({ x: 1_100, y: 0 });
    let x = 0;
    let steps = 0;
    // Whoever knows no speed oversteps, and gives up.
    for (let steered = walker.step(new Set(), { x, y: 0 }, speed); steered?.pace; steered = walker.step(new Set(), { x, y: 0 }, speed)) {
      x += (steered.walk === 0 ? 1 : -1) * Math.floor((164 * steered.pace) / 100);
      steps += 1;
    }
    assert.ok(steps < 16, `${steps} steps`);
    if (speed) assert.ok(Math.abs(x - 1_100) <= 40, `at ${x}`);
  }
});

test('keys take over from a walk to a point', () => {
  const walker = new Walker();
  walker.goTo({ x: 1_000, y: 0 });
  assert.equal(walker.step(new Set(['down']), { x: 0, y: 0 })?.walk, 49_152);
  assert.equal(walker.goal, undefined);
});

test('what was typed comes back, and what stood there as well', () => {
  const typed = new Typed();
  typed.add('look');
  typed.add('go north');
  typed.add('go north');
  assert.equal(typed.look(-1, 'sa'), 'go north');
  assert.equal(typed.look(-1, 'go north'), 'look');
  assert.equal(typed.look(-1, 'look'), undefined);
  assert.equal(typed.look(1, 'look'), 'go north');
  assert.equal(typed.look(1, 'go north'), 'sa');
});

test('a line goes on as far as all words do', () => {
  assert.deepEqual(completed('lo', ['look']), { line: 'look ', choices: [] });
  assert.deepEqual(completed('attack w', ['warden', 'warrior']), { line: 'attack war', choices: ['warden', 'warrior'] });
  assert.deepEqual(completed('s', ['say', 'south']), { line: 's', choices: ['say', 'south'] });
  assert.deepEqual(completed('xyz', []), { line: 'xyz', choices: [] });
});
