import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LaneView, PAGES_MAX } from '../src/lane/index.js';
import { writeDown } from './vectors/write.js';

/** @type {import('../src/lane/types.js').MatchStarted} */
const STARTED = { match_id: 7, tick_hz: 30, avatar: 1, radius: 100, side: 98_304, obstacles: [] };

function inMatch(started = STARTED) {
  const lane = new LaneView();
  lane.welcome();
  lane.beginMatch(started);
  lane.setPhase({ phase: 'live', tick: 0, ends_tick: 1_000_000 });
  return lane;
}

/** A page of cell (0, 0) with one NPC in its first slot. @param {number} x @param {object} [more] */
const walker = (x, more = { id: 5 }) => [{ row: 0, column: 0, things: [{ slot: 0, x, ...more }] }];

/** @param {Uint8Array | null} up */
function read(up) {
  assert.ok(up !== null, 'something is to be sent');
  const hasAck = (up[3] & 1) !== 0;
  const ack = hasAck ? { newest: up[4] | (up[5] << 8), before: up[6] } : null;
  return { seq: up[1] | (up[2] << 8), ack, isResync: (up[3] & 2) !== 0, inputCount: up[3] >> 4 };
}

/** @param {LaneView} lane */
const places = (lane) => lane.entities().map(({ id, x }) => [id, x]);

test('nothing is offered before the welcome, then ten times a second until the server answers', () => {
  const lane = new LaneView();
  assert.equal(lane.takeOutgoing([{ pace: 100 }], 0), null, 'nobody is welcome yet');
  lane.welcome();
  assert.deepEqual(read(lane.takeOutgoing([], 0)), { seq: 0, ack: null, isResync: false, inputCount: 0 }, 'at once');
  assert.equal(lane.takeOutgoing([], 5_000), null, 'without a match once is enough');
  lane.beginMatch(STARTED);
  const offers = Array.from({ length: 30 }, (_, tick) => lane.takeOutgoing([], 5_000 + tick * 33));
  const count = offers.filter((up) => up !== null).length;
  assert.ok(count >= 8 && count <= 12, `ten times a second, not ${count} times`);
  assert.equal(lane.isUp, false, 'the server has said nothing');
  lane.feed(writeDown({ seq: 1, tick: 1 }), 6_000);
  assert.equal(lane.isUp, true, 'now it has');
  assert.equal(lane.takeOutgoing([], 6_000), null, 'one datagram need not be acknowledged at once');
});

test('what arrives is acknowledged every eighth time and four times a second though nobody steers', () => {
  const lane = inMatch();
  lane.takeOutgoing([], 0);
  for (let seq = 1; seq <= 8; seq += 1) {
    assert.equal(lane.takeOutgoing([], seq), null, `after ${seq - 1} there is time`);
    lane.feed(writeDown({ seq, tick: seq }), seq);
  }
  assert.deepEqual(read(lane.takeOutgoing([], 9)).ack, { newest: 8, before: 0x7f }, 'eight at once');
  lane.feed(writeDown({ seq: 9, tick: 9 }), 10);
  assert.equal(lane.takeOutgoing([], 258), null, 'one waits');
  assert.equal(read(lane.takeOutgoing([], 259)).ack?.newest, 9, 'for a quarter of a second');
});

test('a lost datagram that was built on is found, asked for, and made up for by the next keyframe', () => {
  const lane = inMatch();
  lane.feed(writeDown({ seq: 1, tick: 1, isKeyframe: true, pages: walker(200) }), 0);
  assert.deepEqual(places(lane), [[5, 200 * 9 - 508]], 'it is shown');
  // Datagram 2 is lost; a server that thinks it arrived leaves out what it told: the NPC walked, another one came.
  const things = [{ slot: 0, x: 300, known: 5, isKept: true }, { slot: 1, x: 400, known: 6 }];
  lane.feed(writeDown({ seq: 3, tick: 3, pages: [{ row: 0, column: 0, things }] }), 66);
  assert.equal(lane.divergences, 1, 'somebody is there whom nobody introduced');
  assert.deepEqual(places(lane), [], 'nothing of it is believed');
  const { ack, isResync } = read(lane.takeOutgoing([], 66));
  assert.deepEqual([ack, isResync], [null, true], 'everything is asked for again');
  assert.equal(lane.takeOutgoing([], 100), null, 'not all the time');
  lane.feed(writeDown({ seq: 4, tick: 4, pages: walker(310) }), 110);
  assert.equal(read(lane.takeOutgoing([], 120)).isResync, true, 'what builds on something is no answer');
  assert.deepEqual(places(lane), [], 'and is not shown');
  lane.feed(writeDown({ seq: 5, tick: 5, isKeyframe: true, pages: walker(320) }), 130);
  assert.deepEqual(places(lane), [[5, 320 * 9 - 508]], 'a keyframe is');
  const after = read(lane.takeOutgoing([{}], 133));
  assert.deepEqual([after.ack, after.isResync], [{ newest: 5, before: 0 }, false], 'and is acknowledged alone');
});

test('a check that does not add up is a divergence, and a late page changes nothing', () => {
  const lane = inMatch();
  lane.feed(writeDown({ seq: 1, tick: 1, isKeyframe: true, pages: walker(200) }), 0);
  lane.feed(writeDown({ seq: 3, tick: 3, pages: walker(220) }), 0);
  assert.equal(lane.feed(writeDown({ seq: 2, tick: 2, pages: walker(210), bend: 1 }), 0).taken, 'late');
  assert.deepEqual([places(lane), lane.divergences], [[[5, 220 * 9 - 508]], 0], 'a newer one has told that page');
  assert.equal(lane.feed(writeDown({ seq: 3, tick: 3, pages: walker(0) }), 0).taken, 'outdated', 'here before');
  lane.feed(writeDown({ seq: 4, tick: 4, pages: walker(230), bend: 1 }), 0);
  assert.deepEqual([places(lane), lane.divergences], [[], 1], 'the sum is wrong');
});

test('what leaves the interest is forgotten, and pages are bounded', () => {
  const lane = inMatch();
  lane.feed(writeDown({ seq: 1, tick: 1, isKeyframe: true, pages: walker(200) }), 0);
  lane.feed(writeDown({ seq: 2, tick: 2, interest: [1, 1, 9, 9] }), 0);
  assert.deepEqual(places(lane), [], 'its cell is outside');
  for (let seq = 3; seq < 60; seq += 1) {
    const page = (/** @type {number} */ nth) => ({
      row: seq,
      column: nth,
      things: [{ slot: 3, id: seq * 40 + nth, x: 1 }],
    });
    const pages = Array.from({ length: 40 }, (_, nth) => page(nth));
    lane.feed(writeDown({ seq, tick: seq, interest: [0, 0, 255, 255], pages }), 0);
  }
  assert.equal(lane.entities().length, PAGES_MAX, 'no more than that');
});

test('the avatar is where its inputs lead, stops at walls, and is set right where the server differs', () => {
  const wall = { x_min: 5_300, y_min: 0, x_max: 5_400, y_max: 9_000 };
  const lane = inMatch({ ...STARTED, obstacles: [wall] });
  const own = { x: 5_000, y: 5_000, speed: 50 };
  lane.feed(writeDown({ seq: 1, tick: 10, own }), 0);
  assert.equal(read(lane.takeOutgoing(Array(3).fill({ walk: 0, pace: 100, aim: 77 }), 33)).inputCount, 3, 'in one datagram');
  assert.deepEqual(lane.predicted(), { x: 5_150, y: 5_000, heading: 77 }, 'three strides of 50');
  lane.takeOutgoing(Array(3).fill({ walk: 0, pace: 100 }), 66);
  assert.equal(lane.predicted()?.x, 5_200, 'its side is at the wall');
  lane.feed(writeDown({ seq: 2, tick: 12, inputSeq: 2, own: { ...own, x: 5_100 } }), 100);
  assert.deepEqual([lane.predicted()?.x, lane.corrections().count], [5_200, 0], 'as thought');
  lane.feed(writeDown({ seq: 3, tick: 13, inputSeq: 3, own: { ...own, x: 5_110, y: 4_970 } }), 133);
  assert.deepEqual(lane.corrections(), { count: 1, last: 50, largest: 50 }, '40 along and 30 aside');
  assert.deepEqual(lane.predicted(), { x: 5_200, y: 4_970, heading: 0 }, 'the rest is walked again from there');
  lane.feed(writeDown({ seq: 4, tick: 14, inputSeq: 3 }), 166);
  assert.deepEqual([lane.predicted(), lane.own()], [null, null], 'there is no avatar any more');
});

test('inputs and acts count together, in each match from one, and go on after a cut', () => {
  const lane = inMatch();
  lane.feed(writeDown({ seq: 1, tick: 1, own: { x: 1_000, y: 1_000, speed: 50 } }), 0);
  lane.takeOutgoing([{ pace: 100 }], 0);
  assert.equal(lane.nextSeq(), 2, 'an act after an input');
  lane.disconnect();
  assert.equal(lane.takeOutgoing([{ pace: 100 }], 50), null, 'nothing is sent before the next welcome');
  lane.welcome();
  lane.beginMatch(STARTED);
  assert.ok(lane.nextSeq() > 2, 'the same match numbers on');
  lane.endMatch();
  assert.equal(lane.feed(writeDown({ seq: 2, tick: 2 }), 60).taken, 'outdated', 'between matches nothing is taken');
  lane.beginMatch({ ...STARTED, match_id: 8 });
  assert.equal(lane.nextSeq(), 1, 'another one begins again');
});

test('a match that ended while the connection was lost is over with the welcome', () => {
  const lane = inMatch();
  const down = writeDown({ seq: 1, tick: 1 });
  lane.disconnect();
  lane.welcome({ current_match: '7' });
  assert.equal(lane.feed(down, 0).taken, 'newest', 'it goes on');
  lane.disconnect();
  lane.welcome({ current_match: null });
  assert.equal(lane.feed(down, 0).taken, 'outdated', 'it is over');
});

test('the ground of a place is walked on as it comes, without any phase', () => {
  const lane = new LaneView();
  lane.welcome();
  lane.beginMatch(STARTED);
  lane.feed(writeDown({ seq: 1, tick: 10, own: { x: 5_000, y: 5_000, speed: 50 } }), 0);
  lane.takeOutgoing(Array(8).fill({ walk: 0, pace: 100 }), 0);
  assert.equal(lane.predicted()?.x, 5_000, 'nobody walks before that is known to be allowed');
  lane.changeGround([]);
  assert.equal(lane.predicted()?.x, 5_400, 'in a place one does, and what is not known is free');
  lane.changeGround([{ x_min: 5_200, y_min: 4_000, x_max: 5_300, y_max: 6_000 }]);
  assert.equal(lane.predicted()?.x, 5_100, 'a door that closes stops what is under way');
});

test('steering out of range is brought into it', () => {
  const lane = inMatch();
  const wild = { walk: -16_384, pace: 1e12, aim: 65_536 + 3, ability: 9 };
  const up = lane.takeOutgoing([wild, { walk: NaN, pace: NaN, aim: NaN, ability: NaN }], 0);
  assert.ok(up !== null);
  assert.deepEqual([...up.slice(4)], [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x17, 0, 0xc0, 100, 3, 0], 'newest whole, then what differs');
});

test('others are shown on their way, and the state has an age', () => {
  const lane = inMatch();
  assert.equal(lane.stateAgeMs(0), null, 'there is none yet');
  const page = (/** @type {number} */ x) => walker(x);
  lane.feed(writeDown({ seq: 1, tick: 30, interval: 3, isKeyframe: true, pages: page(200) }), 1_000);
  lane.feed(writeDown({ seq: 2, tick: 33, interval: 3, pages: page(300) }), 1_100);
  const shown = [1_100, 1_150, 1_200, 9_000].map((now) => Math.round((lane.interpolated(now)[0].x + 508) / 9));
  assert.deepEqual(shown, [200, 250, 300, 300], 'an interval late, and never beyond what is known');
  assert.equal(lane.stateAgeMs(1_100), 0, 'as new as it comes');
  assert.equal(lane.stateAgeMs(1_350), 250, 'nothing has come since');
  lane.feed(writeDown({ seq: 3, tick: 36, interval: 3, pages: page(400) }), 1_400);
  assert.equal(lane.stateAgeMs(1_400), 200, 'what was held up on the way is older');
  lane.feed(writeDown({ seq: 4, tick: 600, interval: 3, pages: page(400) }), 20_500);
  lane.feed(writeDown({ seq: 5, tick: 900, interval: 3, pages: page(400) }), 30_600);
  lane.feed(writeDown({ seq: 6, tick: 1_200, interval: 3, pages: page(400) }), 40_700);
  assert.equal(lane.stateAgeMs(40_700), 100, 'the fastest of the last while counts, not one of long ago');
});

test('who watches predicts and steers nothing, and does not meet the one whose eyes it has', () => {
  const lane = inMatch();
  const own = { x: 500, y: 500, heading: 0, speed: 60, hp: 9, hp_max: 10, mp: 0, cooling: 0, extraction_ticks: 0 };
  lane.feed(writeDown({ seq: 1, tick: 1, isKeyframe: true, own, pages: walker(200) }), 0);
  lane.endMatch();
  lane.beginMatch({ ...STARTED, avatar: 5 });
  lane.watch({ avatar: 5 });
  lane.feed(writeDown({ seq: 2, tick: 2, isKeyframe: true, own, pages: walker(200) }), 33);
  assert.deepEqual(places(lane), [], 'that one is `own`');
  assert.equal(lane.predicted(), null);
  lane.takeOutgoing([], 40);
  const up = lane.takeOutgoing([{ pace: 100 }], 400);
  assert.ok(up === null || read(up).inputCount === 0, 'no inputs are sent');
  lane.feed(writeDown({ seq: 3, tick: 3, own: { ...own, x: 900 }, pages: walker(210) }), 66);
  assert.equal(lane.corrections().count, 0, 'where another walks is no wrong prediction');
});
