import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LaneError, LaneView, PAGES_MAX } from '../src/lane/index.js';
import { Chance, Digest, digestOf } from './vectors/chance.js';
import { vectors } from './vectors/read.js';

const STARTED = { match_id: 1, tick_hz: 30, avatar: 1, radius: 102, side: 98_304, obstacles: [] };
const kept = vectors('mutants.json');

/**
 * @param {Uint8Array} original
 * @param {Chance} chance
 */
function mutant(original, chance) {
  const bytes = [...original];
  for (let left = chance.below(3) + 1; left > 0; left -= 1) {
    const { length } = bytes;
    const kind = chance.below(8);
    if (kind === 0) bytes.length = chance.below(length + 1);
    else if (kind === 1) bytes.push(chance.below(256));
    else if (length === 0) continue;
    else if (kind === 2) bytes.splice(chance.below(length), 1);
    else if (kind === 3) bytes[chance.below(length)] = chance.pick([0, 1, 5, 250, 251, 252, 253, 255]);
    else bytes[chance.below(length)] ^= 1 << chance.below(8);
  }
  return Uint8Array.from(bytes);
}

function inMatch() {
  const lane = new LaneView();
  lane.welcome();
  lane.beginMatch(STARTED);
  lane.setPhase({ phase: 'live', tick: 0, ends_tick: 1_000_000 });
  return lane;
}

/**
 * What a datagram becomes; `null` where it cannot be read.
 *
 * @param {LaneView} lane
 * @param {Uint8Array} bytes
 * @param {number} nowMs
 */
function fed(lane, bytes, nowMs) {
  try {
    return lane.feed(bytes, nowMs);
  } catch (error) {
    if (error instanceof LaneError) return null;
    throw error;
  }
}

/**
 * What a datagram says to one that knows nothing, in one number.
 *
 * @param {LaneView} lane
 * @param {number} eventCount
 */
function sum(lane, eventCount) {
  const seen = lane.seen();
  assert.ok(seen !== null, 'the first that can be read is the newest');
  const numbers = [seen.tick, seen.inputSeq, lane.divergences, eventCount];
  return numbers.reduce((all, number) => ((all << 3) | (all >>> 29)) ^ number, digestOf(lane.entities()).number);
}

test('changed datagrams are read or refused as the Rust client does', () => {
  const originals = kept.originals.map((/** @type {string} */ hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
  let read = 0;
  kept.digests.forEach((/** @type {string} */ expected, /** @type {number} */ group) => {
    const chance = new Chance(0x3107_0000 + group);
    const digest = new Digest();
    for (let nth = 0; nth < kept.mutants; nth += 1) {
      const original = chance.pick(originals);
      const lane = inMatch();
      const said = fed(lane, mutant(original, chance), 0);
      read += said === null ? 0 : 1;
      digest.mix(said === null ? 0 : 1);
      digest.mix(said === null ? 0 : sum(lane, said.events.length));
    }
    assert.equal(digest.hex, expected, `group ${group}`);
  });
  assert.equal(read, kept.read, 'as many can be read');
});

test('a hundred thousand hostile datagrams bring nothing but a LaneError', () => {
  const plays = vectors('lane.json').plays;
  const originals = plays.flatMap((/** @type {any} */ play) =>
    play.steps.flatMap((/** @type {any} */ step) =>
      step.down === undefined ? [] : [Uint8Array.from(Buffer.from(step.down, 'base64'))],
    ),
  );
  const chance = new Chance(99);
  let [refused, read] = [0, 0];
  let lane = inMatch();
  for (let nth = 0; nth < 100_000; nth += 1) {
    if (nth % 500 === 0) lane = inMatch();
    const said = fed(lane, mutant(chance.pick(originals), chance), nth);
    if (said === null) refused += 1;
    else read += 1;
    if (nth % 16 === 0) {
      const up = lane.takeOutgoing(nth % 32 === 0 ? [{ walk: nth, pace: 100 }] : [], nth);
      assert.ok(up === null || up[0] === 5, 'what it answers is a datagram');
      lane.interpolated(nth);
      assert.ok(lane.entities().length <= PAGES_MAX * 64 + 255, 'what it holds is bounded');
    }
  }
  assert.ok(refused > 10_000 && read > 10_000, `both happen: ${refused} refused, ${read} read`);
});

test('bytes that are no datagram at all bring nothing but a LaneError', () => {
  const chance = new Chance(7);
  const lane = inMatch();
  for (let nth = 0; nth < 20_000; nth += 1) {
    const bytes = Uint8Array.from({ length: chance.below(80) }, () => chance.below(256));
    if (bytes.length > 0) bytes[0] = 5;
    fed(lane, bytes, nth);
  }
  assert.throws(() => lane.feed(new Uint8Array(), 0), { name: 'LaneError', code: 'truncated' }, 'nothing');
  assert.throws(() => lane.feed(new Uint8Array(1_181).fill(5), 0), { name: 'LaneError', code: 'too_long' }, 'too much');
  assert.throws(() => lane.feed(Uint8Array.of(4, 0), 0), { name: 'LaneError', code: 'unknown_tag' }, 'another byte');
});

test('a datagram that cannot be read changes nothing', () => {
  const lane = inMatch();
  const good = Uint8Array.from(Buffer.from(kept.originals[0], 'hex'));
  lane.feed(good, 0);
  const before = lane.entities();
  assert.ok(before.length > 0, 'there is something to see');
  const next = Uint8Array.from([...good, 0]);
  next[1] += 1;
  assert.throws(() => lane.feed(next, 1), { code: 'trailing_bytes' }, 'one byte too many');
  assert.equal(lane.entities(), before, 'what was seen is seen');
  assert.equal(lane.feed(next.subarray(0, -1), 2).taken, 'newest', 'and its number is not taken');
});
