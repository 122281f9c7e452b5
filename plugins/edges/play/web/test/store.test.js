import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Store } from '../src/store.js';

const slices = {
  count: { initial: 0, on: { more: (/** @type {number} */ state, /** @type {number} */ by) => state + by } },
  last: { initial: '', on: { said: (/** @type {string} */ _, /** @type {string} */ words) => words } },
};

test('who watches is told once a turn, and only of what it looks at', async () => {
  const store = new Store(slices);
  /** @type {number[]} */
  const told = [];
  const end = store.watch(({ count }) => count, (count) => told.push(count));
  store.dispatch('more', 1);
  store.dispatch('more', 2);
  store.dispatch('said', 'hello');
  await Promise.resolve();
  assert.deepEqual(told, [0, 3]);
  end();
  store.dispatch('more', 1);
  await Promise.resolve();
  assert.deepEqual(told, [0, 3]);
  assert.deepEqual(store.state, { count: 4, last: 'hello' });
});

test('whoever is ended by what another one did is told nothing more', async () => {
  const store = new Store(slices);
  /** @type {string[]} */
  const told = [];
  /** @type {() => void} */
  let end = () => {};
  store.watch(({ count }) => count, () => end());
  end = store.watch(({ count }) => count, (count) => told.push(String(count)));
  store.dispatch('more', 1);
  await Promise.resolve();
  assert.deepEqual(told, ['0']);
});
