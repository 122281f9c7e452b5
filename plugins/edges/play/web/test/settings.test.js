import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newStore } from '../src/app.js';
import { capOf } from '../src/keys.js';
import { KEYS, bound, conflictOf, isBindable, sound } from '../src/state/settings.js';

test('a key that another action has changes places with it', () => {
  assert.equal(conflictOf(KEYS, 'up', KEYS.down), 'down');
  const keys = bound(KEYS, 'up', KEYS.down);
  assert.deepEqual([keys.up, keys.down], [KEYS.down, KEYS.up]);
  assert.equal(new Set(Object.values(keys)).size, Object.keys(keys).length, 'each action has a key of its own');
});

test('keys of the browser are not bound', () => {
  for (const code of ['Tab', 'F5', '', 'Unidentified']) {
    assert.equal(isBindable(code), false, code);
    assert.equal(bound(KEYS, 'up', code), KEYS);
  }
});

test('settings that another version has kept do no harm', () => {
  const kept = sound({ palette: 'sepia', theme: 'light', textSize: 4_000, isSoundOn: 'yes', keys: { up: 'ArrowUp', nonsense: 'KeyX', left: 7 } });
  assert.deepEqual([kept.palette, kept.theme, kept.textSize, kept.isSoundOn], [undefined, 'light', undefined, undefined]);
  assert.equal(kept.keys?.up, 'ArrowUp');
  assert.deepEqual(Object.keys(kept.keys ?? {}), Object.keys(KEYS), 'every action has a key, and nothing else has');
  assert.deepEqual([sound(null), sound('x')], [{}, {}]);
});

test('all is as in the beginning after a reset, but for the language', () => {
  const store = newStore();
  assert.equal(store.state.settings.isSoundOn, false, 'sound is off by default');
  store.dispatch('ui/settings', { locale: 'de', textSize: 150, theme: 'light' });
  store.dispatch('ui/key_bound', { action: 'up', code: 'ArrowUp' });
  assert.equal(store.state.settings.keys.up, 'ArrowUp');
  store.dispatch('ui/settings_reset');
  assert.deepEqual(store.state.settings, { ...newStore().state.settings, locale: 'de' });
});

test('keys are shown as their caps have them', () => {
  assert.deepEqual(['KeyW', 'Digit1', 'ArrowUp', 'Numpad4', 'Semicolon'].map(capOf), ['W', '1', '↑', 'Num 4', 'Semicolon']);
});
