import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HypogeumError } from '../sdk/errors.js';
import { isDead, isPassing, pauseAfter } from '../src/faults.js';
import { screenOf } from '../src/router.js';
import { waysOf } from '../src/shell.js';
import { begun } from '../src/state/place.js';
import { session } from '../src/state/session.js';
import { Store } from '../src/store.js';

const WELCOME = { name: 'Ada', modes: [{ name: 'blitz', players: 40, duration_s: 75 }], current_match: null };
const STARTED = { match_id: 3, mode: 'blitz', tick_hz: 30, avatar: 1, radius: 1, side: 1, obstacles: [], pois: [], exits: [] };
const SCREENS = { '': 1, opening: 1, lobby: 1, world: 1 };

/** @param {...[string, any?]} happened */
function after(...happened) {
  const store = new Store({ session });
  for (const [type, payload] of happened) store.dispatch(type, payload);
  return store.state;
}

test('modes of the welcome are matches, and everything else is a place of the world', () => {
  const started = (/** @type {string} */ mode) => after(['server/match_started', begun(WELCOME, { ...STARTED, mode })]).session.place;
  assert.deepEqual(started('blitz'), { kind: 'match', id: 3, mode: 'blitz' });
  assert.deepEqual(started('wolfwood'), { kind: 'world', id: 3, mode: 'wolfwood' });
});

test('a place is left when it is settled, and kept over a cut', () => {
  const inside = /** @type {[string, any][]} */ ([['link/connected', WELCOME], ['server/match_started', begun(WELCOME, STARTED)]]);
  assert.equal(after(...inside, ['server/settled', { match_id: 2 }]).session.place?.id, 3, 'of another match it says nothing');
  assert.equal(after(...inside, ['server/settled', { match_id: 3 }]).session.place, undefined);
  assert.equal(after(...inside, ['link/connected', { ...WELCOME, current_match: 3 }]).session.place?.id, 3);
  assert.equal(after(...inside, ['link/connected', WELCOME]).session.place, undefined, 'the server knows of none any more');
});

test('the match is a way of the bar while there is one', () => {
  const inside = after(['link/connected', WELCOME], ['server/match_started', begun(WELCOME, STARTED)]);
  assert.equal(waysOf(inside)[0], 'match');
  assert.ok(!waysOf(after()).includes('match'));
});

test('the address says what is shown, as far as somebody is logged in', () => {
  const seen = (/** @type {string} */ path, isKnown = true, stand = 'open') => screenOf(path, { isKnown, stand }, SCREENS);
  assert.equal(seen('world/inn', false, 'out'), 'opening', 'it is not known yet');
  assert.equal(seen('world/inn', true, 'out'), '', 'the gate first');
  assert.equal(seen('world/inn', true, 'connecting'), 'world', 'and then where the address says');
  assert.deepEqual(['', 'opening', 'nonsense', 'toString'].map((path) => seen(path)), ['lobby', 'lobby', 'lobby', 'lobby']);
});

test('errors that pass, that end the login, and that do neither', () => {
  const coded = (/** @type {string} */ code, details = {}) => new HypogeumError(code, code, details);
  const passing = [coded('unreachable'), coded('draining'), coded('any', { retryAfterMs: 5 }), coded('any', { status: 502 }), coded('closed', { closeCode: 1001 }), coded('closed', { closeCode: 1006 })];
  for (const error of passing) assert.equal(isPassing(error), true, JSON.stringify(error));
  for (const error of [coded('closed', { closeCode: 4409 }), coded('closed', { closeCode: 1008 }), coded('closed', { closeCode: 4426 }), coded('version_mismatch'), new Error('a bug')]) assert.equal(isPassing(error), false);
  assert.equal(isDead(coded('refresh_reused', { status: 401 })), true);
  assert.equal(isDead(coded('wrong_credentials', { status: 401 })), false, 'who types a wrong password has lost nothing');
  assert.ok(pauseAfter(0, coded('draining', { retryAfterMs: 70_000 })) >= 70_000);
  assert.ok(pauseAfter(50, coded('unreachable')) <= 15_000);
});

test('a second tab is told apart from other ends', () => {
  const ended = (/** @type {object} */ error) => after(['link/closed', error]).session.stand;
  assert.equal(ended({ closeCode: 4409, message: '' }), 'elsewhere');
  assert.equal(ended({ code: 'taken_over', message: '' }), 'elsewhere');
  assert.equal(ended({ closeCode: 1008, message: '' }), 'closed');
});

test('what the server has undone, and a visit that was settled after goodbye, leave one free', () => {
  const inside = /** @type {[string, any][]} */ ([['link/connected', { ...WELCOME, current_match: 3 }], ['server/match_started', begun(WELCOME, { ...STARTED, mode: 'wolfwood' })]]);
  const isFree = (/** @type {any} */ { session }) => session.place === undefined && session.welcome.current_match === null;
  assert.ok(isFree(after(...inside, ['link/error', new HypogeumError('unavailable', 'it cannot go on')])));
  assert.ok(!isFree(after(...inside, ['link/error', new HypogeumError('unavailable', 'no chunk', { about: 'ask_chunks' })])));
  assert.ok(!isFree(after(...inside, ['server/settled', { match_id: 1 }])), 'that was a visit before');
  assert.ok(isFree(after(...inside, ['server/told', { news: { told: { id: 'goodbye' } } }], ['server/settled', { match_id: 9 }])));
});
