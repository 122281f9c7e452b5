import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Api, HypogeumError } from '../src/index.js';
import { FakeServer } from './fake_server.js';

/** @type {FakeServer} */
let server;
/** How often each refresh token was shown. @type {Map<string, number>} */
let shown;

beforeEach(async () => {
  server = await FakeServer.start();
  shown = new Map();
  let count = 0;
  server.http = ({ path, body, token }) => {
    if (path === '/v1/login' || path === '/v1/refresh') {
      if (path === '/v1/refresh') shown.set(body.refresh_token, (shown.get(body.refresh_token) ?? 0) + 1);
      count += 1;
      // The first is as good as over.
      return { body: { access_token: `access-${count}`, expires_in_s: count === 1 ? 5 : 900, account_id: 2, refresh_token: `refresh-${count}` } };
    }
    return { body: { token } };
  };
});
afterEach(() => server.stop());

/** @returns {import('../src/tokens.js').TokenStorage & { kept: Map<string, string> }} */
function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => void kept.set(key, value),
    removeItem: async (key) => void kept.delete(key),
  };
}

test('however many ask at once, there is one refresh', async () => {
  const api = await new Api(server.url).login('Ada', 'correct horse');
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.get('/v1/stash')));
  assert.deepEqual(new Set(answers.map(({ token }) => token)), new Set(['access-2']), 'all show the new token');
  assert.deepEqual([...shown], [['refresh-1', 1]], 'and the refresh token is shown once');
});

test('tabs that share a storage refresh once together', async () => {
  const storage = memory();
  const tabs = Array.from({ length: 5 }, () => new Api(server.url, { storage }));
  await tabs[0].login('Ada', 'correct horse');
  for (const tab of tabs.slice(1)) assert.equal(await tab.restore(), true, 'the login is in the storage');
  const answers = await Promise.all(tabs.flatMap((tab) => [tab.get('/v1/stash'), tab.get('/v1/characters')]));
  assert.deepEqual(new Set(answers.map(({ token }) => token)), new Set(['access-2']), 'all show the new token');
  assert.deepEqual([...shown], [['refresh-1', 1]], 'and the refresh token is shown once');
});

test('where a browser has locks they are taken', async () => {
  /** @type {string[]} */
  const names = [];
  const locks = { request: (/** @type {string} */ name, /** @type {() => unknown} */ work) => (names.push(name), work()) };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  try {
    const api = await new Api(server.url, { storage: memory() }).login('Ada', 'correct horse');
    await api.get('/v1/stash');
    assert.deepEqual(names, [`hypogeum-login:${server.url}`], 'one name for all tabs of this server');
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete (/** @type {any} */ (globalThis).navigator);
  }
});

test('a new token is stored before it is used', async () => {
  const storage = memory();
  const api = await new Api(server.url, { storage }).login('Ada', 'correct horse');
  const { setItem } = storage;
  let askedBefore = -1;
  storage.setItem = (key, text) => {
    askedBefore = server.asked.filter(({ path }) => path === '/v1/stash').length;
    return setItem(key, text);
  };
  await api.get('/v1/stash');
  assert.equal(askedBefore, 0, 'nothing is asked with a token that could still be lost');
});

test('a storage that fails loses no login', async () => {
  const storage = memory();
  const api = await new Api(server.url, { storage }).login('Ada', 'correct horse');
  const { setItem } = storage;
  storage.setItem = () => Promise.reject(new Error('the disk is full'));
  await api.get('/v1/stash');
  storage.setItem = setItem;
  await api.tokens.token({ aheadMs: Number.MAX_SAFE_INTEGER });
  assert.deepEqual([...shown], [['refresh-1', 1], ['refresh-2', 1]], 'each is shown once, also the one that was not stored');
});

test('a login that is over is forgotten', async () => {
  const storage = memory();
  const api = await new Api(server.url, { storage }).login('Ada', 'correct horse');
  const { http } = server;
  server.http = (asked) =>
    asked.path === '/v1/refresh' ? { status: 401, body: { code: 'refresh_refused', message: 'no more' } } : http(asked);
  await assert.rejects(api.get('/v1/stash'), (error) => error instanceof HypogeumError && error.code === 'refresh_refused');
  assert.equal(await new Api(server.url, { storage }).restore(), false, 'the next page asks for a password');
});

test('a refresh without an answer is tried again with the same token', async () => {
  const api = await new Api(server.url).login('Ada', 'correct horse');
  const { http } = server;
  server.http = () => ({ status: 503, body: { code: 'unavailable', message: 'no', retry_after_ms: 10 } });
  await assert.rejects(api.get('/v1/stash'), (error) => error instanceof HypogeumError && error.isPassing);
  server.http = http;
  await api.get('/v1/stash');
  assert.deepEqual([...shown], [['refresh-1', 1]]);
});

test('a token that the server refuses is replaced once', async () => {
  const api = await new Api(server.url).login('Ada', 'correct horse');
  await api.get('/v1/stash');
  const { http } = server;
  server.http = (asked) =>
    asked.token === 'access-2' ? { status: 401, body: { code: 'token_expired', message: 'it was good once' } } : http(asked);
  assert.equal((await api.get('/v1/stash')).token, 'access-3', 'asked again with a fresh one');
  server.http = (asked) => (asked.token ? { status: 401, body: { code: 'unauthorized', message: 'no' } } : http(asked));
  const before = server.asked.length;
  await assert.rejects(api.get('/v1/stash'), (error) => error instanceof HypogeumError && error.code === 'unauthorized');
  assert.equal(server.asked.length - before, 3, 'asked, refreshed, asked again, and that is all');
});

test('a login that is closed stays closed', async () => {
  const api = await new Api(server.url).login('Ada', 'correct horse');
  server.http = () => ({ status: 401, body: { code: 'refresh_reused', message: 'log in again' } });
  await assert.rejects(api.get('/v1/stash'), (error) => error instanceof HypogeumError && error.code === 'refresh_reused' && !error.isPassing);
});

test('a guest comes in again by name', async () => {
  let count = 0;
  server.http = ({ path, token }) => {
    count += 1;
    return { body: path === '/v1/guests' ? { access_token: `guest-${count}`, expires_in_s: 1, account_id: 9 } : { token } };
  };
  const api = await new Api(server.url).guest('Bot');
  assert.equal((await api.get('/v1/stash')).token, 'guest-2');
  assert.deepEqual(server.asked.map(({ path, body }) => [path, body?.name]), [['/v1/guests', 'Bot'], ['/v1/guests', 'Bot'], ['/v1/stash', undefined]]);
});

test('who is told to come later waits for its turn, if it has the patience', async () => {
  const api = await new Api(server.url, { patienceMs: 5_000 }).guest('Bot');
  let refusals = 2;
  server.http = () => {
    refusals -= 1;
    if (refusals >= 0) return { status: 429, body: { code: 'too_many_requests', message: 'wait', retry_after_ms: 5 } };
    return { body: { types: [] } };
  };
  assert.deepEqual(await api.creatureTypes(), { types: [] });
  const hasty = new Api(server.url);
  server.http = () => ({ status: 429, body: { code: 'locked_out', message: 'wait' }, headers: { 'retry-after': '7' } });
  await assert.rejects(hasty.login('Ada', 'wrong horse'), (error) => error instanceof HypogeumError && error.retryAfterMs === 7_000 && error.status === 429);
});

test('logging out forgets', async () => {
  const storage = memory();
  const api = await new Api(server.url, { storage }).login('Ada', 'correct horse');
  await api.logout();
  assert.equal(storage.kept.size, 0, 'nothing is left in the storage');
  await assert.rejects(api.get('/v1/stash'), (error) => error instanceof HypogeumError && error.code === 'not_logged_in');
  assert.equal(await new Api(server.url, { storage }).restore(), false);
});
