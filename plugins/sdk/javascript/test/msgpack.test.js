import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEPTH_MAX, MessagePackError, decode, encode } from '../src/msgpack.js';

/** @param {string} text */
const hex = (text) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** Whole numbers from a seed: the same each time. @param {number} seed */
function dice(seed) {
  return (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
}

/** @param {(below: number) => number} roll @param {number} depth @returns {any} */
function anything(roll, depth) {
  switch (roll(depth > 3 ? 6 : 8)) {
    case 0: return null;
    case 1: return roll(2) === 1;
    case 2: return (roll(2) ? 1 : -1) * 2 ** roll(53) + roll(3) * (roll(2) ? 1 : -1);
    case 3: return 2n ** 63n + BigInt(roll(1_000));
    case 4: return 'ä€😀x'.repeat(roll(40));
    case 5: return Uint8Array.from({ length: roll(300) }, () => roll(256));
    case 6: return Array.from({ length: roll(20) }, () => anything(roll, depth + 1));
    default: return Object.fromEntries(Array.from({ length: roll(20) }, (_, at) => [`k${at}`, anything(roll, depth + 1)]));
  }
}

test('what is written is read again', () => {
  const roll = dice(7);
  for (let round = 0; round < 500; round += 1) {
    const value = anything(roll, 0);
    assert.deepEqual(decode(encode(value)), value, `round ${round}`);
  }
});

test('numbers have the shortest form, and come back at every edge', () => {
  const edges = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
  const lengths = [1, 1, 2, 2, 3, 3, 5, 5, 9, 9];
  assert.deepEqual(edges.map((edge) => encode(edge).length), lengths);
  for (const edge of [...edges, ...edges.map((one) => -one - 1)].filter(Number.isSafeInteger)) assert.equal(decode(encode(edge)), edge);
  for (const wide of [2n ** 53n, 2n ** 64n - 1n, -(2n ** 63n)]) assert.equal(decode(encode(wide)), wide, 'beyond 2^53 - 1 it is a BigInt');
  assert.equal(decode(encode(5n)), 5, 'and below a number');
  assert.throws(() => encode(2n ** 64n), MessagePackError);
});

test('it is what PROTOCOL.md shows', () => {
  const ping = { v: 1, type: 'ping', id: 2, payload: { nonce: 7 } };
  const shown = hex('84 A1 76 01 A4 74 79 70 65 A4 70 69 6E 67 A2 69 64 CE 00 00 00 02 A7 70 61 79 6C 6F 61 64 81 A5 6E 6F 6E 63 65 07');
  assert.deepEqual(decode(shown), ping);
  assert.deepEqual(decode(encode(ping)), ping, 'ours has a shorter number in it, and is the same');
});

test('what is undefined is left out, and what has no form is refused', () => {
  assert.deepEqual(decode(encode({ id: undefined, a: 1 })), { a: 1 });
  assert.throws(() => encode({ call: () => 1 }), MessagePackError);
});

test('no part of a message is one', () => {
  const whole = encode({ list: [1, 'two', new Uint8Array(300)], map: { deep: { deeper: 2n ** 60n } } });
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(() => decode(whole.subarray(0, length)), MessagePackError, `the first ${length} bytes`);
  }
  assert.throws(() => decode(Uint8Array.from([...whole, 0])), MessagePackError, 'nor is one with something behind it');
});

test('hostile bytes are refused before they cost anything', () => {
  const hostile = {
    'a list of 2^32 - 1': 'dd ffffffff',
    'a map of 2^32 - 1': 'df ffffffff 00',
    'a text of 4 GiB': 'db ffffffff 41',
    'a type nobody gave out': 'c1',
    'an extension': 'd4 01 02',
    'a text that is not UTF-8': 'a1 ff',
    'a key that is a number': '81 01 01',
    'nesting': '91'.repeat(DEPTH_MAX + 2) + '01',
  };
  for (const [what, bytes] of Object.entries(hostile)) assert.throws(() => decode(hex(bytes)), MessagePackError, what);
  const polluted = /** @type {any} */ (decode(hex('82 a9 5f5f70726f746f5f5f 81 a1 61 01 a1 62 02')));
  assert.equal(polluted.a, undefined, 'nothing is inherited from a message');
  assert.equal(polluted.b, 2);
});

test('no bytes are too strange', () => {
  const roll = dice(11);
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Uint8Array.from({ length: roll(40) }, () => roll(256));
    try {
      decode(bytes);
    } catch (error) {
      assert.ok(error instanceof MessagePackError, `${Buffer.from(bytes).toString('hex')}: ${error}`);
    }
  }
});
