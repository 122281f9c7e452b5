import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { stale } from '../scripts/types.js';
import { CodecError, Schema } from '../src/schema.js';

const schema = new Schema();
const document = readFileSync(new URL('../../../wire/protocol/PROTOCOL.md', import.meta.url), 'utf8');

/** The bytes of an example. @param {string} name */
function shown(name) {
  const found = new RegExp(`\`\`\`hex ${name}\n([^\`]*)\`\`\``).exec(document);
  assert.ok(found, `PROTOCOL.md has an example ${name}`);
  return Uint8Array.from(Buffer.from(found[1].replace(/\s/g, ''), 'hex'));
}

/** @param {string} type @param {string} name @param {unknown} value */
function check(type, name, value) {
  assert.deepEqual(schema.decode(type, shown(name)), value, `${name} is read`);
  assert.deepEqual(schema.encode(type, value), shown(name), `${name} is written`);
}

test('what is made from the schema is up to date', () => {
  assert.deepEqual(stale().map(({ path }) => path), [], 'npm run types makes it again');
});

test('the examples of PROTOCOL.md are read and written', () => {
  check('ClientMessage', 'hello', { hello: { protocol_version: 9, client: 'example', locale: 'de' } });
  check('ClientMessage', 'inputs', {
    inputs: {
      batch: [
        { seq: 250, walk: 16_384, pace: 100, aim: 0, ability: 0 },
        { seq: 251, walk: 16_384, pace: 100, aim: 32_768, ability: 1 },
      ],
    },
  });
  check('ClientMessage', 'pick-up', { act: { seq: 9, act: { pick_up: { item: 70_000 } }, seen: 300 } });
  check('ServerMessage', 'welcome', {
    welcome: {
      session: 320_255_973_501_901, account: 6, name: 'Ada', protocol_version: 9, tick_hz: 30,
      content_hash: Uint8Array.from({ length: 32 }, (_, at) => at),
      modes: [{ name: 'blitz', players: 24, duration_s: 75 }], current_match: 300, locale: 'de',
    },
  });
  check('ServerMessage', 'snapshot', {
    snapshot: {
      tick: 1_000, input_seq: 251,
      own: { x: 19_200, y: -3, heading: 16_384, speed: 51, hp: 87, hp_max: 130, mp: 20, cooling: 1, extraction_ticks: 0 },
      records: [{ id: 12, kind: 'npc', template: 4, x: 19_456, y: 300, heading: 255, hp_band: 15, extent: 0 }],
      alive: 23, extracted: 1,
    },
  });
  check('ServerMessage', 'error', { error: { code: { version_mismatch: { min: 2, max: 2 } }, about: 0, retry_after_ms: 0 } });
});

test('bodies come back as they were', () => {
  const commands = [
    'who', { say: { words: 'Grüße 😀' } }, { look: { at: null } }, { look: { at: 70_000 } }, { go: { word: 'north' } },
    { give: { item: 3, to: 4, seen: 7 } }, { cast: { slot: 2, at: null } }, 'quit',
  ];
  for (const command of commands) assert.deepEqual(schema.decode('WorldCommand', schema.encode('WorldCommand', command)), command);
  const carried = {
    id: 1, item: 'ffffffffffffffff-4294967295', template: 'knife', equipped: true,
    state: { count: 1, wear: 0, is_bound: false, inside: 'ab-7' }, version: 9,
  };
  const news = [
    { told: { id: 'hit', arguments: [['who', 'rat'], ['how', 'hard']], words: 'You hit.' } },
    { room: { key: 'a', name: 'b', description: 'c', is_safe: true, exits: [{ word: 'up', door: { state: 'locked', version: 4 } }, { word: 'down', door: null }] } },
    { door: { key: 'k', state: 'open', block: { x_min: -1, y_min: -2_147_483_648, x_max: 64, y_max: 2_147_483_647 }, version: 1 } },
    { table: { with: 4, version: 2, own: [carried], their: [] } },
  ];
  for (const one of news) assert.deepEqual(schema.decode('WorldNews', schema.encode('WorldNews', one)), one);
  const told = [
    { chosen: { entrant: 255, pairing: 300, game: 1, turn: 4 } },
    { begun: { pairing: 1, game: 1, entrants: [0, 200] } },
    { decided: { pairing: 1, outcome: { both_gone: null } } },
    { decided: { pairing: 1, outcome: { won: 3 } } },
    { decided: { pairing: 1, outcome: 'not_needed' } },
    { wanted: { entrant: 1, wants: { ready: { until_unix_ms: 2n ** 63n } } } },
    { over: { champion: 3, words: '' } },
  ];
  for (const one of told) assert.deepEqual(schema.decode('GameNews', schema.encode('GameNews', one)), one);
});

test('bytes that are no body are refused', () => {
  const whole = schema.encode('WorldNews', { told: { id: 'hit', arguments: [['who', 'rat']], words: 'You hit the rat.' } });
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(() => schema.decode('WorldNews', whole.subarray(0, length)), CodecError, `the first ${length} bytes`);
  }
  assert.throws(() => schema.decode('WorldNews', Uint8Array.from([...whole, 0])), CodecError, 'bytes are left over');
  const hostile = { 'an unknown tag': [200], 'a marker wider than its type': [254], 'a length beyond all': [0, 253, 255, 255, 255, 255, 255, 255, 255, 255], 'a text that is not UTF-8': [0, 1, 255] };
  for (const [what, bytes] of Object.entries(hostile)) assert.throws(() => schema.decode('WorldNews', Uint8Array.from(bytes)), CodecError, what);
  assert.throws(() => schema.decode('WorldCommand', Uint8Array.from([1, 2])), CodecError, 'an option is 0 or 1');
  assert.throws(() => schema.decode('Nothing', new Uint8Array()), CodecError, 'there is no such type');
});

test('values that a type does not have are refused', () => {
  const wrong = [
    'dance', { say: {} }, { say: { words: 7 } }, { look: { at: -1 } }, { look: { at: 2 ** 32 } }, { look: { at: 1.5 } },
    { cast: { slot: 256, at: null } }, { say: { words: 'a' }, who: {} }, 7, null,
  ];
  for (const value of wrong) assert.throws(() => schema.encode('WorldCommand', value), CodecError, JSON.stringify(value));
  const item = (/** @type {string} */ text) => schema.encode('ItemId', text);
  for (const text of ['', 'ab', 'AB-7', 'ab-', 'ab-4294967296']) assert.throws(() => item(text), CodecError, text);
});

test('what JSON writes in other words is given its own', () => {
  const came = { match_id: '9007199254740993', at: { column: 1, row: 2 }, body: 'AQI=' };
  const chunk = { match_id: 9_007_199_254_740_993n, at: { column: 1, row: 2 }, body: Uint8Array.of(1, 2) };
  assert.deepEqual(schema.revive('ServerMessage', 'chunk', came), chunk);
  const near = { match_id: 1, chunk_side: 8, chunks: [{ at: { column: 0, row: 0 }, hash: Buffer.alloc(16, 7).toString('base64') }] };
  assert.deepEqual(schema.revive('ServerMessage', 'chunks_near', near).chunks[0].hash, new Uint8Array(16).fill(7));
  assert.deepEqual(schema.revive('ServerMessage', 'never_heard_of', { a: 1 }), { a: 1 }, 'of a newer server');
});
