import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { FrameReader, frame } from '../src/frames.js';
import { NodeSocket } from '../src/node_socket.js';
import { FakeServer, serverFrame } from './fake_server.js';

/** @type {FakeServer} */
let server;

beforeEach(async () => {
  server = await FakeServer.start();
  server.socket = () => {};
});
afterEach(() => server.stop());

/** @param {string} [protocol] */
async function open(protocol = 'hypogeum.json.v1') {
  const socket = new NodeSocket(`${server.url.replace('http', 'ws')}/v1/socket`, protocol);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onclose = ({ reason }) => reject(new Error(reason));
  });
  const closed = new Promise((/** @type {(event: { code: number, reason: string }) => void} */ resolve) => {
    socket.onclose = resolve;
  });
  return { socket, peer: server.peers[0], closed };
}

/** All that bytes hold. @param {...Buffer} pieces */
function read(...pieces) {
  const reader = new FrameReader();
  const found = [];
  for (const piece of pieces) {
    reader.feed(piece);
    for (let next = reader.next(); next; next = reader.next()) found.push(`${next.opcode} ${next.contents.toString('latin1')}`);
  }
  return found;
}

/** @param {number} first @param {string} contents */
const part = (first, contents) => Buffer.concat([Buffer.from([first, contents.length]), Buffer.from(contents)]);

test('messages come whole, however they are cut and whatever comes between', () => {
  const bytes = Buffer.concat([part(0x01, 'hel'), part(0x89, '?'), part(0x00, 'l'), part(0x80, 'o'), part(0x82, '')]);
  const whole = ['9 ?', '1 hello', '2 '];
  assert.deepEqual(read(bytes), whole);
  assert.deepEqual(read(...Array.from(bytes, (byte) => Buffer.from([byte]))), whole, 'byte by byte, too');
});

test('what breaks the rules is refused before it has arrived', () => {
  const broken = {
    'masked by a server': [0x82, 0x80],
    'a reserved bit': [0xc2, 0x00],
    'an unknown kind': [0x83, 0x00],
    'a ping in parts': [0x09, 0x00],
    'a long ping': [0x89, 126, 0, 126],
    'a part of nothing': [0x80, 0x00],
    'two at once': [0x01, 0x00, 0x81, 0x00],
    'a message of 2^63 bytes': [0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255],
  };
  for (const [what, bytes] of Object.entries(broken)) assert.throws(() => read(Buffer.from(bytes)), { code: what.includes('2^63') ? 1009 : 1002 }, what);
  const parts = [part(0x02, 'a'), ...Array.from({ length: 1_024 }, () => part(0x00, ''))];
  assert.throws(() => read(Buffer.concat(parts)), { code: 1009 }, 'empty parts count, too');
});

test('what is sent has the length it says, and is masked', () => {
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    const sent = frame(2, new Uint8Array(length).fill(7));
    const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    assert.equal(sent.length, head + 4 + length);
    assert.equal(sent[1] & 0x80, 0x80, 'masked');
    const mask = sent.subarray(head, head + 4);
    assert.ok(sent.subarray(head + 4).every((byte, at) => (byte ^ mask[at % 4]) === 7), `${length} bytes`);
  }
});

test('pings are answered, and the close frame is', async () => {
  const { socket, peer, closed } = await open();
  assert.equal(socket.protocol, 'hypogeum.json.v1');
  peer.socket.write(serverFrame(9, Buffer.from('are you there')));
  const texts = new Promise((resolve) => {
    socket.onmessage = resolve;
  });
  peer.socket.write(serverFrame(1, Buffer.from('Grüße')));
  assert.deepEqual(await texts, { data: 'Grüße' });
  peer.close(4409);
  assert.equal((await closed).code, 4409);
  await peer.ended;
  assert.deepEqual([peer.pongs.map(String), peer.closeCode], [['are you there'], 4409]);
});

test('a link that breaks is 1006', async () => {
  const { peer, closed } = await open();
  peer.cut();
  assert.equal((await closed).code, 1006);
});

test('what came before the end is heard before the end', async () => {
  const { socket, peer, closed } = await open();
  /** @type {unknown[]} */
  const texts = [];
  socket.onmessage = ({ data }) => texts.push(data);
  peer.socket.end(Buffer.concat([...'abc'].map((text) => serverFrame(1, Buffer.from(text)))));
  await closed;
  assert.deepEqual(texts, ['a', 'b', 'c']);
});

test('text that is not UTF-8 closes it', async () => {
  const { peer, closed } = await open();
  peer.socket.write(serverFrame(1, Buffer.from([0xff])));
  assert.equal((await closed).code, 1007);
  await peer.ended;
  assert.equal(peer.closeCode, 1007, 'and the server is told why');
});

test('an upgrade that is refused says why', async () => {
  server.isOpen = false;
  const socket = new NodeSocket(`${server.url.replace('http', 'ws')}/v1/socket`);
  const error = new Promise((resolve) => {
    socket.onerror = (event) => resolve(event.error);
  });
  const closed = new Promise((resolve) => {
    socket.onclose = resolve;
  });
  const { code, status } = /** @type {import('../src/errors.js').HypogeumError} */ (await error);
  assert.deepEqual([code, status], ['busy', 503]);
  await closed;
});
