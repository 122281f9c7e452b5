import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { FakeServer, WELCOME } from '../../../../sdk/javascript/test/fake_server.js';
import { newStore } from '../src/app.js';
import { Link } from '../src/link.js';

/** @typedef {import('../src/app.js').AppState} AppState */

const PAUSES = { triesMax: 2, firstMs: 1, mostMs: 4 };
const KEPT = { accountId: 2, accessToken: 'kept', expiresAtMs: 4e12, refreshToken: 'once' };

/** @type {FakeServer} */
let server;
/** @type {ReturnType<typeof newStore>} */
let store;
/** @type {Link} */
let link;
/** @type {Map<string, string>} */
let kept;
/** What is asked over HTTP, besides logins. @type {Record<string, (asked: { path: string }) => import('../../../../sdk/javascript/test/fake_server.js').Answer>} */
let routes;

beforeEach(async () => {
  server = await FakeServer.start();
  routes = { '/v1/content': () => ({ body: { blobs: [] } }) };
  server.http = (asked) => routes[asked.path]?.(asked) ?? { body: { access_token: `token-${server.asked.length}`, expires_in_s: 3600, account_id: 2 } };
  kept = new Map();
  store = newStore();
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
  link = new Link(store, { url: server.url, storage, pauses: PAUSES });
});
afterEach(async () => {
  link.client?.close();
  await server.stop();
});

/** Waits until the state is so. @param {(state: AppState) => unknown} is @returns {Promise<AppState>} */
function until(is) {
  return new Promise((resolve) => {
    /** @type {() => void} */
    let end = () => {};
    end = store.watch(
      (state) => state,
      (state) => {
        if (!is(state)) return;
        queueMicrotask(() => end());
        resolve(state);
      },
    );
  });
}
const standing = (/** @type {string} */ stand) => until(({ session }) => session.stand === stand);
const keepLogin = (more = {}) => kept.set(link.api.tokens.key, JSON.stringify({ ...KEPT, ...more }));

/** Refuses a hello. @param {import('../../../../sdk/javascript/test/fake_server.js').Peer} peer @param {string} code @param {number} [retry] */
const refuse = (peer, code, retry) => {
  peer.onMessage = ({ id }) => {
    peer.say('error', { code, message: `it is ${code}`, retry_after_ms: retry, about: 'hello' }, id);
    peer.close(1013);
  };
};

test('without a login that is kept it is known that there is none', async () => {
  assert.equal(store.state.session.isKnown, false);
  assert.equal(await link.restore(), false);
  assert.deepEqual([store.state.session.isKnown, store.state.session.stand], [true, 'out']);
  assert.equal(server.asked.length, 0, 'and nothing is asked');
});

test('a login that is kept goes on, and the gate is never shown', async () => {
  keepLogin();
  /** @type {[boolean, string][]} */
  const stands = [];
  store.watch(({ session }) => session, ({ isKnown, stand }) => stands.push([isKnown, stand]));
  await link.restore();
  await standing('open');
  assert.equal(stands.some(([isKnown, stand]) => isKnown && stand === 'out'), false, JSON.stringify(stands));
});

test('a login that is over is forgotten, and said to be', async () => {
  keepLogin({ expiresAtMs: 0 });
  routes['/v1/refresh'] = () => ({ status: 401, body: { code: 'refresh_reused', message: 'used before' } });
  await link.restore();
  const { session, notices } = await standing('out').then(() => until(({ session }) => session.reason));
  assert.equal(session.reason, 'used before');
  assert.equal(kept.has(link.api.tokens.key), false);
  assert.deepEqual(notices.shown, [], 'the gate says it, and no notice beside it');
});

test('a login that the server has closed ends where it is asked over HTTP, too', async () => {
  await link.guest('Ada');
  await standing('open');
  routes['/v1/profile'] = () => ({ status: 401, body: { code: 'login_closed', message: 'closed elsewhere' } });
  assert.equal(await link.ask('profile', link.api.get('/v1/profile')), undefined);
  assert.deepEqual([store.state.session.stand, store.state.session.reason], ['out', 'closed elsewhere']);
  assert.equal(link.client, undefined);
});

test('a server that is not ready yet is waited for', async () => {
  server.socket = (peer, index) => (index < 3 ? refuse(peer, 'draining', 2) : server.welcome(peer));
  await link.guest('Ada');
  const waiting = await standing('waiting');
  assert.equal(waiting.session.reason, 'it is draining');
  await standing('open');
  assert.equal(server.upgrades, 4);
});

test('of two connections that are made at once the later one counts', async () => {
  await link.guest('Ada');
  await standing('open');
  const [first, second] = [link.connect(6), link.connect(7)];
  await assert.rejects(first, { code: 'superseded' });
  await second;
  assert.deepEqual([store.state.session.stand, store.state.session.characterId], ['open', 7]);
  assert.equal(server.peers.flatMap(({ heard }) => heard).at(-1)?.payload.character_id, 7);
  assert.equal(kept.get('hypogeum-character:2'), '7', 'and is the one to go on with');
  link.failed(await first.catch((error) => error));
  assert.deepEqual(store.state.notices.shown, [], 'nobody is told of the other');
});

test('who was played goes on after the page was loaded anew', async () => {
  keepLogin();
  kept.set('hypogeum-character:2', '5');
  await link.restore();
  await standing('open');
  assert.equal(server.peers[0].heard[0].payload.character_id, 5);
});

test('a character that is no more is played no more', async () => {
  kept.set('hypogeum-character:2', '5');
  server.socket = (peer, index) => (index === 0 ? refuse(peer, 'no_such_character') : server.welcome(peer));
  await link.guest('Ada');
  const { session } = await standing('open');
  assert.equal(session.characterId, undefined);
  await until(() => !kept.has('hypogeum-character:2'));
});

test('a server that is away for long is tried for as long, by the same client', async () => {
  await link.guest('Ada');
  await standing('open');
  const { client } = link;
  server.isOpen = false;
  server.peers[0].cut();
  // More tries than the client has by itself.
  await until(({ session }) => session.attempt > PAUSES.triesMax + 2);
  assert.equal(store.state.session.stand, 'waiting');
  server.isOpen = true;
  await standing('open');
  assert.equal(link.client, client, 'who listens to it hears it again');
});

test('a hurry ends a pause', async () => {
  link.pauses = { triesMax: 1, firstMs: 3_600_000, mostMs: 3_600_000 };
  server.socket = (peer, index) => (index === 0 ? refuse(peer, 'busy') : server.welcome(peer));
  await link.guest('Ada');
  await standing('waiting');
  link.hurry();
  await standing('open');
});

test('what another tab has taken is not taken back by itself', async () => {
  await link.guest('Ada');
  await standing('open');
  server.peers[0].say('error', { code: 'taken_over', message: 'elsewhere' });
  server.peers[0].close(4409);
  const { notices } = await standing('elsewhere');
  assert.deepEqual(notices.shown, [], 'the bar says it');
  link.hurry();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(server.upgrades, 1);
  await link.connectAgain();
  assert.equal(store.state.session.stand, 'open');
});

test('who is not let in for good is told why, once', async () => {
  server.socket = (peer) => refuse(peer, 'version_mismatch');
  await link.guest('Ada');
  const { session, notices } = await standing('closed');
  assert.equal(session.reason, 'it is version_mismatch');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(store.state.notices.shown, notices.shown);
  assert.equal(notices.shown.length, 0);
  assert.equal(server.upgrades, 1);
});

test('content is loaded anew where the welcome tells of another', async () => {
  let hash = 1;
  const asked = () => server.asked.filter(({ path }) => path === '/v1/content').length;
  server.socket = (peer) => {
    peer.onMessage = ({ id }) => peer.say('welcome', WELCOME({ content_hash: new Uint8Array([hash]) }), id);
  };
  routes['/v1/content'] = () => ({ body: { blobs: [{ name: 'tables/items', hash: `h${hash}`, bytes: 2 }] } });
  routes['/v1/content/h1'] = () => ({ body: { rows: [{ key: 'old' }] } });
  routes['/v1/content/h2'] = () => ({ body: { rows: [{ key: 'new' }] } });
  await link.guest('Ada');
  await until(({ content }) => content.tables.items?.[0].key === 'old');
  server.peers[0].cut();
  await standing('waiting');
  await standing('open');
  assert.equal(asked(), 1, 'the same is not asked for again');
  hash = 2;
  server.peers[1].cut();
  await until(({ content }) => content.tables.items?.[0].key === 'new');
  assert.equal(asked(), 2);
});

test('what was asked under an earlier login is told to nobody', async () => {
  await link.guest('Ada');
  await standing('open');
  /** @type {(value: unknown) => void} */
  let answer = () => {};
  const asked = link.ask('profile', new Promise((resolve) => (answer = resolve)));
  await link.logout();
  answer({ name: 'Ada' });
  assert.equal(await asked, undefined);
  assert.equal(store.state.lobby.profile, undefined);
});

test('who leaves is out at once, and stays out where the server is not reached', async () => {
  await link.guest('Ada');
  await standing('open');
  const left = link.logout();
  assert.equal(store.state.session.stand, 'out');
  await server.stop();
  await left;
  assert.equal(kept.has(link.api.tokens.key), false);
});

test('a tab follows another one out, and takes nothing over', async () => {
  await link.guest('Ada');
  await standing('open');
  keepLogin({ accessToken: 'fresh' });
  await link.follow();
  assert.equal(store.state.session.stand, 'open', 'a token that another tab has refreshed changes nothing');
  keepLogin({ accountId: 3 });
  await link.follow();
  assert.equal(store.state.session.stand, 'out');
  assert.equal(kept.has(link.api.tokens.key), true, 'the login of the other tab is its own');
});

test('what an earlier client still says is void', async () => {
  await link.guest('Ada');
  await standing('open');
  const [peer] = server.peers;
  const connected = link.connect(7);
  peer.say('queued', { mode: 'blitz', waiting: 1, wanted: 2, window: 100 });
  await connected;
  assert.equal(store.state.lobby.queue, undefined);
});
