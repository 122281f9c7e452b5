import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LaneError, LaneView } from '../src/lane/index.js';
import { digestOf } from './vectors/chance.js';
import { vectors } from './vectors/read.js';

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(Buffer.from(text, 'base64'));

/**
 * What the client is told beside the lane.
 *
 * @param {LaneView} lane
 * @param {any} said
 */
function hear(lane, said) {
  if (said === 'welcome') lane.welcome();
  else if (said === 'cut') lane.disconnect();
  else if (said.match_started !== undefined) lane.beginMatch(said.match_started);
  else if (said.phase !== undefined) lane.setPhase(said.phase);
  else if (said.settled !== undefined) lane.endMatch();
  else assert.fail(`unknown: ${JSON.stringify(said)}`);
}

/**
 * A client's datagram without its number. The Rust client sends inputs as messages until the lane is up, and lets one steer between
 * two matches; this one does neither, so the numbers of their datagrams differ.
 *
 * @param {Uint8Array} up
 */
function withoutNumber(up) {
  return Buffer.from([up[0], ...up.subarray(3)]).toString('base64');
}

/**
 * What becomes of the datagram of a step.
 *
 * @param {LaneView} lane
 * @param {any} step
 * @param {number} nowMs
 */
function feed(lane, step, nowMs) {
  try {
    return lane.feed(bytesOf(step.down), nowMs);
  } catch (error) {
    assert.ok(error instanceof LaneError, `${error}`);
    return { taken: 'unreadable', events: [] };
  }
}

/** @param {LaneView} lane @param {number} nowMs */
function told(lane, nowMs) {
  const seen = lane.seen();
  const at = lane.predicted();
  const { count, last, largest } = lane.corrections();
  const entities = lane.entities();
  const state =
    seen === null
      ? null
      : [seen.tick, seen.inputSeq, seen.alive, seen.extracted, entities.length, digestOf(entities).hex];
  return {
    state,
    own: lane.own(),
    shown: digestOf(lane.interpolated(nowMs)).hex,
    predicted: at === null ? null : [at.x, at.y, at.heading],
    corrections: [count, last, largest],
    divergences: lane.divergences,
  };
}

for (const { name, steps } of vectors('lane.json').plays) {
  test(`${name}: this client shows and says what the Rust client does`, () => {
    const lane = new LaneView();
    let nowMs = 0;
    let isInMatch = false;
    let isInStep = true;
    /** @type {number | null} */
    let lastNumber = null;
    /** @type {Record<string, unknown>} */
    const expected = {};
    steps.forEach((/** @type {any} */ step, /** @type {number} */ nth) => {
      const where = `step ${nth} of ${steps.length}`;
      nowMs += step.ms;
      for (const said of step.say ?? []) {
        hear(lane, said);
        isInMatch = said.match_started !== undefined || (isInMatch && said.settled === undefined);
        if (said === 'cut') [lastNumber, isInStep] = [null, false];
      }
      if (step.down !== undefined) {
        const { taken, events } = feed(lane, step, nowMs);
        assert.equal(taken, step.taken, `${where}: what became of the datagram`);
        assert.deepEqual(events, step.events ?? [], `${where}: events`);
      }
      const wasUp = lane.isUp;
      const sent = [lane.takeOutgoing([], nowMs)];
      if (step.steer !== undefined) {
        const steer = step.steer.map((/** @type {number[]} */ [walk, pace, aim, ability]) => ({ walk, pace, aim, ability }));
        sent.push(lane.takeOutgoing(steer, nowMs));
      }
      const up = sent.filter((bytes) => bytes !== null);
      for (const bytes of up) {
        const number = bytes[1] | (bytes[2] << 8);
        if (lastNumber !== null) assert.equal(number, lastNumber + 1, `${where}: numbers rise by one`);
        lastNumber = number;
      }
      if (isInMatch && wasUp && isInStep) {
        const expectedUp = (step.up ?? []).map((/** @type {string} */ text) => withoutNumber(bytesOf(text)));
        assert.deepEqual(up.map(withoutNumber), expectedUp, `${where}: what it sends`);
      }
      // After both have sent something at the same time they are due at the same times.
      const hasSteered = step.steer !== undefined && step.steer.length > 0;
      isInStep = isInMatch && (hasSteered ? lane.isUp : isInStep);
      for (const [field, value] of Object.entries(told(lane, nowMs))) {
        if (field in step) expected[field] = step[field];
        assert.deepEqual(value, expected[field], `${where}: ${field}`);
      }
      if (step.entities !== undefined) assert.deepEqual(lane.entities(), step.entities ?? [], `${where}: all of it`);
    });
  });
}
