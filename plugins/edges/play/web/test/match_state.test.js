import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isExitOpen, match, ownOf, stageOf, standings } from '../src/state/match.js';

/** @typedef {import('../src/state/match.js').Match} Match */

const EXIT = { x: 0, y: 0, radius: 10, opens_tick: 100, closes_tick: 200, channel_ticks: 90 };
const STARTED = {
  match_id: 7,
  mode: 'blitz',
  kind: 'match',
  tick_hz: 30,
  avatar: 4,
  radius: 100,
  side: 1_000,
  obstacles: [{ x_min: 0, y_min: 0, x_max: 1, y_max: 1 }],
  pois: [],
  exits: [EXIT],
};
const SETTLED = { match_id: 7, report: { outcome: 'died', kills: 0, damage_dealt: 0, xp_gained: 1, level: 1, items_secured: 0, currency_gained: 0, rating: 1_500 } };

/** @param {Match} state @param {...[string, unknown]} told @returns {Match} */
const after = (state, ...told) => told.reduce((so, [type, payload]) => /** @type {any} */ (match.on)[type](so, payload), state);
/** @param {...object} events @returns {[string, unknown]} */
const happens = (...events) => ['server/events', { tick: 50, events }];
const begun = () => after(match.initial, ['server/match_started', STARTED]);

test('a match goes from deployment to its settlement', () => {
  let state = begun();
  assert.equal(stageOf(match.initial), 'none');
  assert.equal(stageOf(state), 'deploy');
  state = after(state, ['server/phase', { phase: 'live', tick: 90, ends_tick: 900 }]);
  assert.equal(stageOf(state), 'live');
  assert.equal(stageOf(after(state, ['server/settled', SETTLED])), 'settled');
  assert.equal(stageOf(after(state, ['server/settled', { ...SETTLED, match_id: 6 }])), 'live', 'of another match it is no news');
  assert.equal(stageOf(after(state, ['server/settled', SETTLED], ['ui/match_left', undefined])), 'none');
});

test('a place of the world is no match', () => {
  const place = { ...STARTED, match_id: 9, kind: 'world', obstacles: [], exits: [] };
  assert.equal(after(match.initial, ['server/match_started', place]).match, undefined);
  assert.equal(after(begun(), ['server/match_started', place]).match, undefined);
});

test('what is known of a match outlasts a cut, and not another match', () => {
  const state = after(begun(), ['server/roster', { match_id: 7, players: [{ avatar: 4, name: 'Ada' }] }], ['link/connected', { current_match: 7 }]);
  assert.equal(after(state, ['server/match_started', { ...STARTED, exits: [] }]).names[4], 'Ada');
  assert.deepEqual(after(state, ['server/match_started', { ...STARTED, match_id: 8 }]).names, {});
});

test('a match that the server no longer knows is gone, unless it is settled', () => {
  const gone = after(begun(), ['link/connected', { current_match: null }]);
  assert.equal(stageOf(gone), 'gone');
  assert.equal(stageOf(after(gone, ['server/settled', SETTLED])), 'settled');
  assert.equal(stageOf(after(begun(), ['link/error', { code: 'unavailable', retryAfterMs: 500 }])), 'gone');
  assert.equal(stageOf(after(begun(), ['link/error', { code: 'too_soon', about: 'act', retryAfterMs: 500 }])), 'deploy');
});

test('one learns what killed one', () => {
  const hit = { damaged: { source: 9, target: 4, amount: 12, critical: false } };
  const cause = { ability: { ability: 3 } };
  const state = after(begun(), happens(hit, { defeated: { who: 4, cause } }, { died: { who: 4, by: 9 } }));
  assert.deepEqual(state.fate, { kind: 'died', by: 9, tick: 50, hurt: { by: 9, amount: 12, tick: 50 }, cause });
  const bled = happens({ defeated: { who: 4, cause } }, { downed: { who: 4, by: 9 } }, { defeated: { who: 4, cause: 'other' } }, { died: { who: 4, by: 9 } });
  assert.deepEqual(after(begun(), bled).fate?.cause, cause, 'who bleeds out dies of what laid it low');
  const other = happens({ defeated: { who: 5, cause } }, { died: { who: 4, by: 0 } });
  assert.equal(after(begun(), other).fate?.cause, undefined, 'what another died of is not told as one\'s own');
  assert.equal(after(begun(), happens({ extracted: { who: 4 } })).fate?.kind, 'extracted');
  assert.equal(after(begun(), happens({ extracted: { who: 5 } })).fate, undefined);
});

test('the feed has the newest deaths of participants, and beasts only where one killed them', () => {
  const known = after(begun(), ['server/roster', { match_id: 7, players: [{ avatar: 4, name: 'Ada' }, { avatar: 5, name: 'Bob' }] }]);
  const state = after(known, happens({ died: { who: 90, by: 5 } }, { died: { who: 91, by: 4 } }, { died: { who: 5, by: 4 } }));
  assert.deepEqual(state.deaths.map(({ who }) => who), [91, 5]);
  assert.equal(state.kills, 1, 'a beast is no kill of a participant');
  const many = after(known, happens(...Array.from({ length: 9 }, () => ({ died: { who: 5, by: 0 } }))));
  assert.deepEqual(many.deaths.map(({ number }) => number), [4, 5, 6, 7, 8, 9]);
});

test('exits open by their times, and otherwise where that is told', () => {
  const state = begun();
  assert.deepEqual([99, 100, 199, 200].map((tick) => isExitOpen(state, 0, tick)), [false, true, true, false]);
  assert.equal(isExitOpen(after(state, happens({ exit_changed: { exit: 0, open: false } })), 0, 150), false);
  assert.equal(isExitOpen(state, 3, 150), false);
});

test('effects come and go, and only those of the avatar', () => {
  const state = after(begun(), happens({ effect_began: { who: 4, effect: 2 } }, { effect_began: { who: 5, effect: 3 } }, { effect_began: { who: 4, effect: 2 } }));
  assert.deepEqual(state.effects, [2]);
  assert.deepEqual(after(state, happens({ effect_ended: { who: 4, effect: 2 } })).effects, []);
});

test('a refusal is told by its code', () => {
  assert.deepEqual(after(begun(), happens({ refused: { seq: 3, code: 'full' } })).refused, { seq: 3, code: 'full' });
  const odd = { refused: { seq: 4, code: { version_mismatch: { min: 1, max: 2 } } } };
  assert.equal(after(begun(), happens(odd)).refused?.code, 'version_mismatch');
});

test('standings list those the board has first, then everyone else', () => {
  const players = [{ avatar: 5, name: 'Bob' }, { avatar: 4, name: 'Ada' }, { avatar: 6, name: 'Cy' }];
  const state = after(begun(), ['server/roster', { match_id: 7, players }], ['server/scoreboard', { match_id: 7, tick: 1, rows: [{ avatar: 6, kills: 2, outcome: 'died' }], own: null }]);
  assert.deepEqual(standings(state).map(({ name, kills, outcome }) => [name, kills, outcome]), [['Cy', 2, 'died'], ['Ada', 0, ''], ['Bob', 0, '']]);
});

test('of many names the one that is told now is known', () => {
  const crowd = Array.from({ length: 512 }, (_, at) => ({ avatar: 100 + at, name: `bot-${at}` }));
  const state = after(begun(), ['server/roster', { match_id: 7, players: crowd }], ['server/roster', { match_id: 7, players: [{ avatar: 5, name: 'Ada' }] }]);
  assert.equal(state.names[5], 'Ada');
  assert.equal(Object.keys(state.names).length, 512);
});

test('the rest is seen by the eyes of another, and what was one\'s own stays so', () => {
  const dead = after(begun(), ['server/phase', { phase: 'live', tick: 90, ends_tick: 900 }], happens({ died: { who: 4, by: 9 } }), ['server/settled', SETTLED]);
  const told = /** @type {[string, unknown][]} */ ([
    ['server/match_started', { ...STARTED, avatar: 6 }],
    ['server/watching', { match_id: 7, avatar: 6, name: 'Cy' }],
  ]);
  const watching = after(dead, ...told);
  assert.deepEqual([watching.watched?.name, watching.match?.avatar, ownOf(watching), stageOf(watching)], ['Cy', 6, 4, 'live']);
  const next = after(watching, happens({ damaged: { source: 9, target: 6, amount: 3, critical: false } }, { died: { who: 6, by: 9 } }), ['server/watching', { match_id: 7, avatar: 5, name: 'Bob' }]);
  assert.equal(next.fate, dead.fate, 'the end of another is not one\'s own');
  assert.equal(next.hurt, dead.hurt);
  assert.deepEqual([next.match?.avatar, ownOf(next)], [5, 4], 'the eyes pass on');
  const over = after(next, ['server/watching', { match_id: 7, avatar: 0, name: '' }]);
  assert.deepEqual([over.watched, over.match?.avatar, stageOf(over)], [undefined, 4, 'settled'], 'how it ended is shown again');
  assert.equal(after(over, ['server/watching', { match_id: 6, avatar: 5, name: 'Bob' }]), over, 'of another match it is no news');
});

test('to watch outlasts a cut only where the server says so', () => {
  const watching = after(begun(), ['server/settled', SETTLED], ['server/match_started', { ...STARTED, avatar: 6 }], ['server/watching', { match_id: 7, avatar: 6, name: 'Cy' }]);
  const cut = after(watching, ['link/connected', { current_match: null }]);
  assert.deepEqual([cut.watched, stageOf(cut)], [undefined, 'settled']);
  const again = after(cut, ['server/match_started', { ...STARTED, avatar: 6 }], ['server/watching', { match_id: 7, avatar: 6, name: 'Cy' }]);
  assert.deepEqual([ownOf(again), stageOf(again)], [4, 'live']);
  const loaded = after(match.initial, ['server/match_started', { ...STARTED, avatar: 6 }], ['server/watching', { match_id: 7, avatar: 6, name: 'Cy' }]);
  assert.equal(ownOf(loaded), undefined, 'a page loaded meanwhile does not know');
  const loadedAndCut = after(loaded, ['link/connected', { current_match: 7 }], ['server/match_started', { ...STARTED, avatar: 6 }], ['server/watching', { match_id: 7, avatar: 6, name: 'Cy' }]);
  assert.equal(ownOf(loadedAndCut), undefined, 'nor does it take another for oneself later');
  assert.equal(stageOf(after(loaded, ['server/watching', { match_id: 7, avatar: 0, name: '' }])), 'none', 'and has nothing to show at its end');
});
