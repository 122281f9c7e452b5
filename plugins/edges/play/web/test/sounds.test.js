import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SOUNDS, sounds, soundOf, Voices, VOICES_MAX } from '../src/state/sounds.js';

/** @typedef {import('../src/state/sounds.js').Sounds} Sounds */

const OWN = 4;
/** @param {Sounds} state @param {...[string, unknown]} told @returns {Sounds} */
const after = (state, ...told) => told.reduce((so, [type, payload]) => /** @type {any} */ (sounds.on)[type](so, payload), state);
const begun = () => after(sounds.initial, ['server/match_started', { avatar: OWN }]);
/** @param {...object} events @returns {[string, unknown]} */
const happens = (...events) => ['server/events', { tick: 1, events }];
/** @param {...number} counts @returns {[string, unknown]} */
const carries = (...counts) => ['server/inventory', { items: counts.map((count) => ({ state: { count } })) }];
const blow = (/** @type {number} */ source, /** @type {number} */ target) => ({ damaged: { source, target, amount: 5, critical: false } });
const heard = (/** @type {Sounds} */ state) => state.heard.map(({ sound }) => sound);

test('what concerns oneself is heard, and what others do is not', () => {
  /** @type {[object, string | undefined][]} */
  const cases = [
    [blow(OWN, 9), 'hit'],
    [blow(9, OWN), 'hurt'],
    [blow(OWN, OWN), 'hurt'],
    [blow(8, 9), undefined],
    [{ cast_began: { who: OWN, ability: 1, ticks: 9 } }, 'cast'],
    [{ swung: { who: OWN, ability: 1, heading: 0 } }, 'cast'],
    [{ swung: { who: 9, ability: 1, heading: 0 } }, undefined],
    [{ extraction_began: { who: OWN, ticks: 9 } }, 'exit'],
    [{ extraction_broken: { who: OWN } }, undefined],
    [{ extracted: { who: OWN } }, 'win'],
    [{ died: { who: OWN, by: 9 } }, 'death'],
    [{ died: { who: 9, by: OWN } }, undefined],
    [{ exit_changed: { exit: 1, open: true } }, undefined],
  ];
  for (const [event, sound] of cases) assert.equal(soundOf(/** @type {any} */ (event), OWN), sound, JSON.stringify(event));
});

test('what is carried more is heard, and not what one had', () => {
  let state = after(begun(), carries(1, 2));
  assert.deepEqual(heard(state), [], 'one had it');
  state = after(state, carries(1, 3), carries(1, 3), carries(1));
  assert.deepEqual(heard(state), ['loot'], 'one piece more, and then less');
  state = after(state, ['server/match_started', { avatar: 5 }], carries(9));
  assert.deepEqual(heard(state), ['loot'], 'elsewhere one begins with it');
});

test('of one kind one sound a step is told, each with its number, and few are kept', () => {
  let state = after(begun(), happens(blow(OWN, 8), blow(OWN, 9), blow(9, OWN)));
  assert.deepEqual(state.heard, [{ number: 1, sound: 'hit' }, { number: 2, sound: 'hurt' }]);
  assert.equal(after(state, happens(blow(8, 9))), state, 'what is not heard changes nothing');
  for (let step = 0; step < 20; step += 1) state = after(state, happens(blow(OWN, 9)));
  assert.equal(state.heard.length, VOICES_MAX);
  assert.equal(state.last, 22);
  assert.deepEqual(after(state, ['link/logged_out', undefined]), sounds.initial);
});

test('no more are heard at once than there are voices', () => {
  const voices = new Voices();
  const taken = Array.from({ length: VOICES_MAX + 2 }, () => voices.take(1, 0.5));
  assert.equal(taken.filter(Boolean).length, VOICES_MAX);
  assert.equal(voices.take(1.4, 0.5), false, 'none has ended');
  assert.equal(voices.take(1.5, 0.5), true, 'all have');
});

test('all sounds are short, and none is loud', () => {
  for (const [name, [, from, to, lastsS, loudness]] of Object.entries(SOUNDS)) {
    assert.ok(from >= 20 && to >= 20 && lastsS <= 1 && loudness <= 0.3, name);
  }
});
