import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Api, Client, Schema } from '../src/index.js';
import { FakeServer, serverFrame } from './fake_server.js';

/** @type {FakeServer} */
let server;
/** @type {Client} */
let session;

const STARTED = {
  match_id: 7, mode: 'zone', tick_hz: 30, avatar: 1, radius: 100, side: 100_000, obstacles: [], pois: [], exits: [],
};
const WALL = { x_min: 0, y_min: 0, x_max: 10, y_max: 10 };
const ROOM = { key: 'hall', name: 'The Hall', area: { x_min: 0, y_min: 0, x_max: 90, y_max: 90 }, is_safe: true };
const DOOR = { number: 4, key: 'gate', block: { x_min: 20, y_min: 0, x_max: 30, y_max: 10 }, is_open: false };

beforeEach(async () => {
  server = await FakeServer.start();
  session = new Client(await new Api(server.url).guest('Ada'), { lane: true, pauses: { firstMs: 1, mostMs: 4 } });
});
afterEach(async () => {
  session.close();
  await server.stop();
});

/** Waits for something that comes by itself. @param {() => boolean} is */
async function until(is) {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}

test('the lane is offered, steers, and is offered again after a cut', async () => {
  await session.connect();
  const [peer] = server.peers;
  await until(() => peer.states.length > 0);
  assert.ok(peer.states.every((state) => state[0] === 5), 'an offer begins as the lane does');
  peer.say('match_started', STARTED);
  await session.next('match_started');
  const offers = peer.states.length;
  assert.equal(session.steer({ walk: 100, pace: 50 }), 1);
  assert.equal(session.act({ pick_up: { item: 3 } }), 2, 'acts count with inputs');
  assert.equal(session.steer({ walk: 100, pace: 50 }), 3);
  await until(() => peer.states.length >= offers + 2);
  assert.ok(!peer.heard.some(({ type }) => type === 'inputs'), 'inputs go by the lane alone');
  peer.cut();
  await session.next('connected');
  const [, second] = server.peers;
  await until(() => second.states.length > 0);
  assert.equal(second.states[0][0], 5);
});

test('bytes that are no datagram are told, and the session goes on', async () => {
  await session.connect();
  const [peer] = server.peers;
  peer.say('match_started', STARTED);
  const told = session.next('error');
  peer.socket.write(serverFrame(2, Uint8Array.of(5, 1, 2)));
  assert.equal((await told).code, 'unreadable');
  peer.say('phase', { phase: 'live', tick: 1, ends_tick: 9 });
  assert.equal((await session.next('phase')).phase, 'live');
});

test('the ground of a place is asked for, known, and changes as doors do', async () => {
  const chunk = new Schema().encode('Chunk', { obstacles: [WALL], doors: [DOOR], rooms: [ROOM] });
  /** @type {any[]} */
  const asked = [];
  server.socket = (peer) =>
    server.welcome(peer, ({ type, payload }) => {
      if (type !== 'ask_chunks') return;
      asked.push(payload);
      if (asked.length === 1) peer.say('error', { code: 'too_soon', message: 'later', about: 'ask_chunks', retry_after_ms: 10 });
      else for (const at of payload.chunks) peer.say('chunk', { match_id: 7, at, body: chunk });
    });
  await session.connect();
  const [peer] = server.peers;
  const near = [1, 2].map((column) => ({ at: { column, row: 0 }, hash: new Uint8Array(16).fill(column) }));
  const full = session.next('ground', { where: (blocks) => blocks.length === 2 });
  peer.say('match_started', STARTED);
  peer.say('chunks_near', { match_id: 7, chunk_side: 8_192, chunks: near });
  assert.deepEqual(await full, [WALL, DOOR.block], 'what is in two chunks counts once');
  assert.deepEqual(asked[0], asked[1], 'what was refused is asked again');
  assert.deepEqual(asked[0], { match_id: 7, chunks: near.map(({ at }) => at) });

  const opened = session.next('ground', { where: (blocks) => blocks.length === 1 });
  peer.say('doors_changed', { match_id: 7, doors: [{ number: 4, is_open: true }] });
  assert.deepEqual(await opened, [WALL], 'a door that is open is not in the way');
  assert.deepEqual(session.ground?.doors(), [{ ...DOOR, is_open: true }], 'it is known as the door it is');
  assert.deepEqual([session.ground?.rooms(), session.ground?.walls()], [[ROOM], [WALL]], 'what touches two chunks is told once');

  const again = session.next('ground', { where: (blocks) => blocks.length === 2 });
  peer.say('match_started', STARTED);
  peer.say('chunks_near', { match_id: 7, chunk_side: 8_192, chunks: near });
  await again;
  session.say('leave_match', {});
  await until(() => peer.heard.some(({ type }) => type === 'leave_match'));
  assert.equal(asked.length, 2, 'what is known is not asked for again');
});

test('ground that was asked for before a cut is asked for anew, and what is refused in part comes in part', async () => {
  const chunk = new Schema().encode('Chunk', { obstacles: [WALL], doors: [], rooms: [] });
  /** @type {any[]} */
  const asked = [];
  server.socket = (peer, index) =>
    server.welcome(peer, ({ type, payload }) => {
      if (type !== 'ask_chunks' || index === 0) return;
      asked.push(payload.chunks);
      // The first of them is too far by now; the rest is sent, once.
      peer.say('error', { code: 'out_of_reach', message: 'too far', about: 'ask_chunks' });
      for (const at of payload.chunks.slice(1)) peer.say('chunk', { match_id: 7, at, body: chunk });
    });
  const near = (/** @type {number[]} */ columns) =>
    columns.map((column) => ({ at: { column, row: 0 }, hash: new Uint8Array(16).fill(column) }));
  await session.connect();
  const [first] = server.peers;
  first.say('match_started', STARTED);
  first.say('chunks_near', { match_id: 7, chunk_side: 8_192, chunks: near([1, 2]) });
  await until(() => first.heard.some(({ type }) => type === 'ask_chunks'));
  first.cut();
  await session.next('connected');
  const [, second] = server.peers;
  const ground = session.next('ground', { where: (blocks) => blocks.length > 0 });
  second.say('match_started', STARTED);
  second.say('chunks_near', { match_id: 7, chunk_side: 8_192, chunks: near([2, 3]) });
  assert.deepEqual(await ground, [WALL], 'what was sent is known');
  assert.deepEqual(asked, [near([2, 3]).map(({ at }) => at)], 'what was near before is not asked for');
});
