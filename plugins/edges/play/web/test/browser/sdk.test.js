// The SDK in a real browser, as the server serves it: a session in both codecs, and one that comes back.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startRig } from './rig.js';

const rig = await startRig();
after(() => rig.end());

for (const [codec, json] of /** @type {const} */ ([['MessagePack', false], ['JSON', true]])) {
  test(`a session over ${codec}`, async () => {
    const page = await rig.open();
    /** @type {Set<string>} */
    const kinds = new Set();
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => kinds.add(typeof payload));
      socket.on('framereceived', ({ payload }) => kinds.add(typeof payload));
    });
    const seen = await page.evaluate(
      async ([name, json]) => {
        const { Api, Client, HypogeumError } = await import(/** @type {string} */ ('/play/sdk/index.js'));
        const api = await new Api(location.origin).guest(name);
        const client = new Client(api, { client: 'browser test', json });
        const welcomed = client.next('welcome');
        await client.connect();
        const { modes } = await welcomed;
        const pingMs = await client.ping();
        const refused = await client.joinQueue('no such mode').catch((/** @type {unknown} */ error) => error);
        const stash = await api.stash();
        client.close();
        return { modes, pingMs, isRefused: refused instanceof HypogeumError, code: refused.code, items: stash.items.length };
      },
      /** @type {const} */ ([`${codec} Browser`, json]),
    );
    assert.ok(seen.modes.some((/** @type {any} */ mode) => JSON.stringify(mode).includes('blitz')), JSON.stringify(seen.modes));
    assert.ok(seen.pingMs >= 0, `an answer came: ${seen.pingMs}`);
    assert.equal(seen.isRefused, true, `what is wrong is refused: ${seen.code}`);
    assert.ok(seen.items > 0, 'a new account has something');
    assert.deepEqual([...kinds], [json ? 'string' : 'object'], 'it is that codec');
    await rig.close(page);
  });
}

test('a session that is cut comes back', async () => {
  const page = await rig.open();
  const told = page.evaluate(async () => {
    const { Api, Client } = await import(/** @type {string} */ ('/play/sdk/index.js'));
    const api = await new Api(location.origin).guest('Cut Browser');
    const client = new Client(api, { client: 'browser test' });
    await client.connect();
    document.title = 'in';
    await client.next('reconnecting', { timeoutMs: 30_000 });
    document.title = 'cut';
    await client.next('connected', { timeoutMs: 30_000 });
    const pingMs = await client.ping();
    client.close();
    return pingMs;
  });
  rig.allow(page, /ERR_INTERNET_DISCONNECTED/);
  await page.waitForFunction(() => document.title === 'in');
  await page.context().setOffline(true);
  await page.waitForFunction(() => document.title === 'cut');
  await page.context().setOffline(false);
  assert.ok((await told) >= 0, 'it speaks again');
  await rig.close(page);
});
