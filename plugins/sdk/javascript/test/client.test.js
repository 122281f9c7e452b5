import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Api, Client, HypogeumError, PAUSES, Schema, pauseMs } from '../src/index.js';
import { FakeServer, WELCOME } from './fake_server.js';

/** @typedef {import('./fake_server.js').Message} Message */
/** @typedef {import('./fake_server.js').Peer} Peer */

/** @type {FakeServer} */
let server;
/** @type {Client[]} */
let clients = [];
const QUICK = { firstMs: 1, mostMs: 4 };

beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await server.stop();
});

/** @param {import('../src/session.js').ClientOptions} [options] */
async function client(options) {
  const api = await new Api(server.url).guest('Ada');
  const made = new Client(api, { pauses: QUICK, ...options });
  clients.push(made);
  return made;
}

/** @param {string} code */
const refused = (code) => (/** @type {unknown} */ error) => error instanceof HypogeumError && error.code === code;

for (const json of [false, true]) {
  const codec = json ? 'JSON' : 'MessagePack';

  test(`a session over ${codec}`, async () => {
    const session = await client({ json, client: 'tester', locale: 'de', characterId: 4 });
    server.socket = (peer) =>
      server.welcome(peer, ({ type, id, payload }) => {
        if (type === 'join_queue') peer.say('queued', { mode: payload.mode, waiting: 1, wanted: 2, window: 100 }, id);
        if (type === 'ask_names') peer.say('error', { code: 'wrong_state', message: 'no match', about: 'ask_names', retry_after_ms: 250 }, id);
      });
    const welcome = await session.connect();
    assert.equal(welcome.name, 'Ada');
    const [hello] = server.peers[0].heard;
    assert.deepEqual(hello.payload, { protocol_version: 9, client: 'tester', locale: 'de', access_token: 'token-1', character_id: 4 });
    assert.equal((await session.joinQueue('blitz')).mode, 'blitz');
    await assert.rejects(session.askNames([1]), (error) => {
      assert.ok(error instanceof HypogeumError);
      assert.deepEqual([error.code, error.message, error.about, error.retryAfterMs], ['wrong_state', 'no match', 'ask_names', 250]);
      return true;
    });
    session.close();
    await server.peers[0].ended;
    assert.equal(server.peers[0].closeCode, 1000, 'it says goodbye');
  });

  test(`state, bytes and bodies over ${codec}`, async () => {
    const session = await client({ json });
    await session.connect();
    const [peer] = server.peers;
    const schema = new Schema();
    const body = schema.encode('WorldNews', { told: { id: 'hi', arguments: [], words: 'Hi.' } });
    const state = Buffer.from([5, 1, 2, 3]);
    const coming = [session.next('told'), session.next('state'), session.next('told', { where: ({ tick }) => tick === 8 })];
    peer.say('told', { tick: 7, body: json ? Buffer.from(body).toString('base64') : body });
    if (json) peer.say('state', state.toString('base64'));
    else peer.socket.write(Buffer.concat([Buffer.from([0x82, state.length]), state]));
    peer.say('told', { tick: 8, body: json ? 'yA==' : Uint8Array.of(200) });
    const [told, came, strange] = await Promise.all(coming);
    assert.deepEqual(told, { tick: 7, body, news: { told: { id: 'hi', arguments: [], words: 'Hi.' } } });
    assert.deepEqual(came, Uint8Array.from(state));
    assert.deepEqual(strange, { tick: 8, body: Uint8Array.of(200) }, "another game's body is left as it is");

    assert.equal(session.command({ say: { words: 'Hello' } }), 1);
    assert.equal(session.sendState(Uint8Array.of(5, 9)), true);
    session.say('leave_match', {});
    await heard(peer, 'leave_match');
    const command = peer.heard.find(({ type }) => type === 'command')?.payload;
    assert.deepEqual(schema.decode('WorldCommand', json ? Buffer.from(command.body, 'base64') : command.body), { say: { words: 'Hello' } });
    const sent = json ? peer.heard.find(({ type }) => type === 'state')?.payload : peer.states[0].toString('base64');
    assert.equal(sent, Buffer.from([5, 9]).toString('base64'));
  });
}

/** The next message of a type that a peer hears, or the one it has heard. @param {Peer} peer @param {string} type @returns {Promise<Message>} */
function heard(peer, type) {
  const before = peer.heard.find((message) => message.type === type);
  if (before) return Promise.resolve(before);
  return new Promise((resolve) => {
    const { onMessage } = peer;
    peer.onMessage = (message) => {
      onMessage(message);
      if (message.type === type) resolve(message);
    };
  });
}

test('what a cut left without an answer is asked again by its number', async () => {
  const session = await client();
  server.socket = (peer, index) =>
    server.welcome(peer, ({ type, id, payload }) => {
      // Twice the link breaks while requests are on their way.
      if (index < 2) return type === 'ping' ? peer.cut() : undefined;
      if (type === 'ask_names') peer.say('roster', { match_id: 1, players: [{ avatar: payload.avatars[0], name: 'Eve' }] }, id);
      if (type === 'ping') peer.say('pong', payload, id);
    });
  await session.connect();
  const names = session.askNames([3]);
  const ping = session.ping();
  assert.deepEqual((await names).players, [{ avatar: 3, name: 'Eve' }]);
  assert.ok((await ping) >= 0);
  assert.equal(server.peers.length, 3, 'it came back twice');
  const asked = server.peers.map(({ heard }) => heard.filter(({ type }) => type !== 'hello').map(({ type, id }) => `${type} ${id}`));
  assert.deepEqual(asked[1], asked[0], 'by the same numbers, in the same order');
  assert.deepEqual(asked[2], asked[0]);
});

test('what is asked while there is no connection is asked after the next welcome', async () => {
  const session = await client();
  server.socket = (peer) => server.welcome(peer, ({ type, id, payload }) => type === 'ping' && peer.say('pong', payload, id));
  await session.connect();
  const lost = session.next('reconnecting');
  server.peers[0].cut();
  await lost;
  assert.equal(session.say('leave_match', {}), false, 'what has no answer is not kept');
  await session.ping();
  assert.deepEqual(server.peers[1].heard.map(({ type }) => type), ['hello', 'ping']);
});

test('a place in line that outlived the cut answers the request for it', async () => {
  const session = await client();
  server.socket = (peer, index) => {
    peer.onMessage = ({ type, id }) => {
      const queued = { mode: 'blitz', waiting: 2, wanted: 2, window: 1 };
      if (type === 'hello') {
        peer.say('welcome', WELCOME(), id);
        if (index === 1) peer.say('queued', queued);
      } else if (type === 'join_queue' && index === 0) peer.cut();
      else if (type === 'join_queue') peer.say('error', { code: 'wrong_state', message: 'in line already', about: type }, id);
    };
  };
  /** @type {HypogeumError[]} */
  const errors = [];
  session.on('error', (error) => errors.push(error));
  await session.connect();
  assert.equal((await session.joinQueue('blitz')).waiting, 2);
  await heard(server.peers[1], 'join_queue');
  assert.deepEqual(errors, [], 'the refusal of the second asking is nobody’s');
});

test('a party that is refused a place in line is an error with what is in the way', async () => {
  const session = await client();
  const why = { member_away: { account: 8 } };
  server.socket = (peer) =>
    server.welcome(peer, ({ type, id, payload }) => {
      if (type === 'join_queue') peer.say('queue_refused', { mode: payload.mode, why }, id);
    });
  await session.connect();
  await assert.rejects(session.joinQueue('duel'), (error) => {
    assert.ok(error instanceof HypogeumError);
    assert.deepEqual([error.code, error.about, error.body], ['queue_refused', 'join_queue', { mode: 'duel', why }]);
    return true;
  });
});

test('a query that cannot be read is an error with its place', async () => {
  const session = await client();
  const why = { bad_query: { at: 7, fault: 'bad_number' } };
  const properties = [
    { key: 'region', value: { text: { text: 'eu' } } },
    { key: 'level', value: { number: { number: 12 } } },
  ];
  server.socket = (peer) =>
    server.welcome(peer, ({ type, id, payload }) => {
      if (type !== 'join_queue_with') return;
      assert.deepEqual(payload, { mode: 'duel', properties, query: 'level:>' });
      peer.say('queue_refused', { mode: payload.mode, why }, id);
    });
  await session.connect();
  await assert.rejects(session.joinQueueWith('duel', { properties: { region: 'eu', level: 12 }, query: 'level:>' }), (error) => {
    assert.ok(error instanceof HypogeumError);
    assert.deepEqual([error.code, error.about, error.body], ['queue_refused', 'join_queue_with', { mode: 'duel', why }]);
    return true;
  });
});

test('each message has a task of its own, so none slips by between two awaits', async () => {
  const session = await client();
  server.socket = (peer) =>
    server.welcome(peer, ({ type, id }) => {
      if (type !== 'join_queue') return;
      const queued = peer.envelope('queued', { mode: 'duel', waiting: 2, wanted: 2, window: 1 }, id);
      peer.socket.write(Buffer.concat([queued, peer.envelope('loadout_open', { match_id: 5, mode: 'duel', closes_in_ms: 1, stash: [] })]));
    });
  await session.connect();
  await session.joinQueue('duel');
  assert.equal((await session.next('loadout_open', { timeoutMs: 5_000 })).match_id, 5);
});

test('pauses grow from 100 ms to 5 s, with chance in them', () => {
  const whole = Array.from({ length: 8 }, (_, attempt) => pauseMs(attempt, PAUSES, () => 1));
  assert.deepEqual(whole, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  assert.equal(pauseMs(0, PAUSES, () => 0), 50);
  assert.equal(PAUSES.triesMax, 15);
});

test('a server that stays away is tried fifteen times', async () => {
  const session = await client();
  await session.connect();
  /** @type {number[]} */
  const attempts = [];
  session.on('reconnecting', ({ attempt }) => attempts.push(attempt));
  const closed = session.next('closed');
  const waits = session.ping();
  server.isOpen = false;
  server.peers[0].cut();
  // A global WebSocket does not tell what the server said.
  const code = globalThis.WebSocket ? 'unreachable' : 'busy';
  assert.equal((await closed).code, code);
  await assert.rejects(waits, refused(code));
  assert.deepEqual(attempts, Array.from({ length: 15 }, (_, at) => at + 1));
  assert.equal(server.upgrades, 16, 'the first connection, and fifteen that were refused');
  await assert.rejects(session.ping(), refused('not_connected'));
});

for (const code of [1000, 1008, 4409, 4426]) {
  test(`it does not come back after ${code}`, async () => {
    const session = await client();
    await session.connect();
    const closed = session.next('closed');
    server.peers[0].close(code);
    assert.equal((await closed).closeCode, code);
    assert.equal(session.state, 'closed');
    assert.equal(server.upgrades, 1);
  });
}

for (const code of [1001, 1013, 4410, 4411]) {
  test(`it comes back after ${code}`, async () => {
    const session = await client();
    await session.connect();
    const back = session.next('connected');
    server.peers[0].close(code);
    await back;
    assert.equal(server.upgrades, 2);
  });
}

test('a token that has ended is refreshed on the way back', async () => {
  const session = await client();
  await session.connect();
  const back = session.next('connected');
  server.peers[0].close(4401);
  await back;
  const tokens = server.peers.map(({ heard }) => heard[0].payload.access_token);
  assert.deepEqual(tokens, ['token-1', 'token-2']);
});

test('a token that no refresh cures ends it', async () => {
  const session = await client();
  await session.connect();
  server.socket = (peer) => {
    peer.onMessage = ({ id }) => {
      peer.say('error', { code: 'unauthorized', message: 'no' }, id);
      peer.close(4401);
    };
  };
  const closed = session.next('closed');
  server.peers[0].close(4401);
  assert.equal((await closed).code, 'unauthorized');
  assert.equal(server.upgrades, 2, 'it was tried once with a fresh one');
});

test('a hello that is refused for now waits as long as it is told', async () => {
  const session = await client();
  await session.connect();
  server.socket = (peer, index) => {
    if (index > 1) return server.welcome(peer);
    peer.onMessage = ({ id }) => {
      peer.say('error', { code: 'draining', message: 'soon', retry_after_ms: 40 }, id);
      peer.close(1013);
    };
  };
  /** @type {number[]} */
  const pauses = [];
  session.on('reconnecting', (event) => pauses.push(event.pauseMs));
  const back = session.next('connected');
  server.peers[0].cut();
  await back;
  assert.equal(pauses.length, 2);
  assert.ok(pauses[0] <= 4 && pauses[1] === 40, `${pauses}`);
});

test('the first connection fails at once, with the reason', async () => {
  const session = await client();
  server.socket = (peer) => {
    peer.onMessage = ({ id }) => {
      peer.say('error', { code: 'version_mismatch', message: 'too old', min: 9, max: 9, about: 'hello' }, id);
      peer.close(4426);
    };
  };
  await assert.rejects(session.connect(), (error) => refused('version_mismatch')(error) && /** @type {HypogeumError} */ (error).body?.min === 9);
  assert.equal(session.state, 'idle');
  server.socket = (peer) => server.welcome(peer);
  await session.connect();
});

test('a token is renewed over the connection a minute before it ends', async (context) => {
  server.http = () => ({ body: { access_token: `token-${server.asked.length}`, expires_in_s: 900, account_id: 2 } });
  const session = await client();
  server.socket = (peer) => server.welcome(peer, ({ type, id }) => type === 'renew' && peer.say('renewed', { expires_in_s: 900 }, id));
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
  await session.connect();
  const [peer] = server.peers;
  for (let count = 2; count <= 4; count += 1) {
    const renewed = session.next('renewed');
    context.mock.timers.tick(839_000);
    assert.equal(server.asked.length, count - 1, 'it is good for more than a minute');
    context.mock.timers.tick(2_000);
    await renewed;
    // What the answer sets going is set going before anything else is heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const shown = peer.heard.filter(({ type }) => type !== 'ping').map(({ type, payload }) => [type, payload.access_token]);
  assert.deepEqual(shown, [['hello', 'token-1'], ['renew', 'token-2'], ['renew', 'token-3'], ['renew', 'token-4']]);
  assert.equal(server.upgrades, 1, 'without another connection');
});

test('a server that falls silent is asked whether it is there, and left where it does not answer', async (context) => {
  const session = await client();
  let isSilent = false;
  server.socket = (peer) =>
    server.welcome(peer, ({ type, payload }) => {
      if (type === 'ping' && !isSilent) peer.say('pong', payload);
    });
  context.mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.now() });
  await session.connect();
  const answered = session.next('pong');
  context.mock.timers.tick(9_000);
  await answered;
  assert.equal(session.state, 'open', 'an answer is enough');
  isSilent = true;
  const lost = session.next('reconnecting');
  context.mock.timers.tick(9_000);
  assert.equal(session.state, 'open', 'it has time to answer');
  context.mock.timers.tick(6_000);
  assert.equal((await lost).error.code, 'timeout');
  isSilent = false;
  const back = session.next('connected');
  context.mock.timers.tick(5_000);
  await back;
  assert.equal(server.upgrades, 2);
});

test('a request without an answer ends in time', async () => {
  const session = await client({ requestTimeoutMs: 20 });
  await session.connect();
  await assert.rejects(session.leaveQueue(), refused('timeout'));
  await assert.rejects(session.next('settled', { timeoutMs: 5 }), refused('timeout'));
});

test('closing ends all that waits', async () => {
  const session = await client();
  await session.connect();
  const waits = [session.joinQueue('blitz'), session.next('settled')];
  const loop = (async () => {
    let count = 0;
    for await (const _ of session.each('queued')) count += 1;
    return count;
  })();
  server.peers[0].say('queued', { mode: 'blitz', waiting: 1, wanted: 2, window: 1 });
  await session.next('queued');
  session.close();
  for (const wait of await Promise.allSettled(waits)) assert.equal(wait.status, 'rejected');
  assert.equal(await loop, 1, 'and the loop has seen what came before');
});

test('what is closed while it connects stays closed, and can connect again', async () => {
  const session = await client();
  /** @type {(peer: Peer) => void} */
  let came = () => {};
  const arrived = new Promise((/** @type {(peer: Peer) => void} */ resolve) => {
    came = resolve;
  });
  server.socket = (peer) => {
    peer.onMessage = () => came(peer);
  };
  const first = session.connect();
  const peer = await arrived;
  session.close();
  server.socket = (other) => server.welcome(other);
  const second = session.connect();
  peer.say('welcome', WELCOME({ name: 'Too late' }), peer.heard[0].id);
  await assert.rejects(first, refused('closed'));
  assert.equal((await second).name, 'Ada');
  await peer.ended;
  assert.equal(session.state, 'open');
});

test('inputs are sent again until a snapshot confirms them, four at most', async () => {
  const session = await client();
  await session.connect();
  const [peer] = server.peers;
  peer.say('match_started', { match_id: 9, mode: 'duel', tick_hz: 30, avatar: 1, radius: 1, side: 1, obstacles: [], pois: [], exits: [] });
  await session.next('match_started');
  for (let step = 0; step < 6; step += 1) session.steer({ walk: -1, pace: 100 });
  peer.say('snapshot', { tick: 1, input_seq: 5, own: null, records: [], alive: 1, extracted: 0 });
  await session.next('snapshot');
  session.steer({ walk: 65_537, ability: 1 });
  session.say('leave_match', {});
  await heard(peer, 'leave_match');
  const batches = peer.heard.filter(({ type }) => type === 'inputs').map(({ payload }) => payload.batch);
  const seqs = batches.map((batch) => batch.map((/** @type {{ seq: number }} */ input) => input.seq));
  assert.deepEqual(seqs, [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6], [6, 7]]);
  assert.deepEqual([batches[0][0].walk, batches[6][1].walk, batches[6][1].aim], [65_535, 1, 1], 'directions go round');
  peer.say('match_started', { match_id: 10, mode: 'duel', tick_hz: 30, avatar: 1, radius: 1, side: 1, obstacles: [], pois: [], exits: [] });
  await session.next('match_started');
  assert.equal(session.nextSeq(), 1, 'each match counts from 1');
});

test('a server that speaks something else is left', async () => {
  const session = await client();
  await session.connect();
  const closed = session.next('closed');
  server.peers[0].socket.write(Buffer.from([0x82, 1, 0xc1]));
  assert.equal((await closed).code, 'unreadable');
});

test('what is asked while a welcome is told is asked once', async () => {
  const session = await client();
  server.socket = (peer) =>
    server.welcome(peer, ({ type, id, payload }) => {
      if (type === 'join_queue') peer.say('queued', { mode: payload.mode, waiting: 1, wanted: 2, window: 100 }, id);
    });
  /** @type {Promise<unknown> | undefined} */
  let joined;
  session.on('connected', () => {
    joined = session.joinQueue('blitz');
  });
  await session.connect();
  await joined;
  assert.deepEqual(server.peers[0].heard.map(({ type }) => type), ['hello', 'join_queue']);
});

test('whoever connects again once it is closed hears what comes then', async () => {
  const session = await client();
  await session.connect();
  const again = new Promise((resolve, reject) => {
    const off = session.on('closed', () => {
      off();
      session.connect().then(resolve, reject);
    });
  });
  session.close();
  await again;
  const heard = session.next('unqueued', { timeoutMs: 5_000 });
  server.peers[1].say('unqueued', {});
  await heard;
});
test('a pause between two tries ends at once where somebody is in a hurry', async () => {
  const session = await client({ pauses: { firstMs: 3_600_000, mostMs: 3_600_000 } });
  session.hurry();
  await session.connect();
  const waits = session.next('reconnecting');
  const back = session.next('connected');
  server.peers[0].cut();
  await waits;
  await Promise.resolve();
  session.hurry();
  await back;
  assert.equal(server.upgrades, 2, 'it did not wait for an hour');
});

test('a name of storage leads to storage, whatever it is', async () => {
  const api = await new Api(server.url).guest('Ada');
  await api.storedObject('saves', 'slot-1.json', { owner: 7 });
  await api.writeObject('..', 'friends', { level: 3 }, { ifVersion: 0 });
  await api.deleteObject('saves', '..');
  await api.storedObjects('.', { after: 'a#b' });
  await api.storedObject('a/b', 'c?owner=9#d');
  const paths = server.asked.slice(1).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(paths, [
    'GET /v1/storage/saves/slot-1.json?owner=7',
    'POST /v1/storage/%2F../friends',
    'DELETE /v1/storage/saves/%2F..',
    'GET /v1/storage/%2F.?after=a%23b',
    'GET /v1/storage/a%2Fb/c%3Fowner%3D9%23d',
  ]);
});
