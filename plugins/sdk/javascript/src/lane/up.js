import { LANE_BYTE } from './down.js';

/** Inputs in one datagram at most. */
export const LANE_INPUTS_MAX = 8;
/** How much lower the number of an input may be than that of the one after it. */
const GAP_MAX = 15;

const ACK_BIT = 1;
const RESYNC_BIT = 2;
const WALK_BIT = 1;
const PACE_BIT = 2;
const AIM_BIT = 4;
const ABILITY_BIT = 8;

/** @typedef {import('./types.js').Input} Input */

/**
 * Writes a client's datagram: `PROTOCOL.md`, section 7, *Up*.
 *
 * @param {number} seq Its number; the low 16 bits count.
 * @param {import('./arrivals.js').Ack | null} ack
 * @param {boolean} wantsResync
 * @param {readonly Input[]} inputs Those that nothing confirms, numbers rising: the newest of them go.
 * @returns {Uint8Array}
 */
export function writeUp(seq, ack, wantsResync, inputs) {
  const sent = newest(inputs);
  /** @type {number[]} */
  const out = [LANE_BYTE];
  put16(out, seq);
  out.push((ack === null ? 0 : ACK_BIT) | (wantsResync ? RESYNC_BIT : 0) | (sent.length << 4));
  if (ack !== null) {
    put16(out, ack.newest);
    put32(out, ack.before);
  }
  sent.forEach((input, index) => (index === 0 ? putWhole(out, input) : putBefore(out, sent[index - 1], input)));
  return Uint8Array.from(out);
}

/**
 * The newest of these, newest first: as many as fit, and none before a jump in the numbers that cannot be told.
 *
 * @param {readonly Input[]} inputs
 */
function newest(inputs) {
  /** @type {Input[]} */
  const kept = [];
  for (let index = inputs.length - 1; index >= 0 && kept.length < LANE_INPUTS_MAX; index -= 1) {
    const gap = kept.length === 0 ? 1 : kept[kept.length - 1].seq - inputs[index].seq;
    if (gap < 1 || gap > GAP_MAX) break;
    kept.push(inputs[index]);
  }
  return kept;
}

/**
 * @param {number[]} out
 * @param {Input} input
 */
function putWhole(out, input) {
  put32(out, input.seq);
  put16(out, input.walk);
  out.push(input.pace);
  put16(out, input.aim);
  out.push(input.ability);
}

/**
 * What differs of an input from the one after it.
 *
 * @param {number[]} out
 * @param {Input} later
 * @param {Input} input
 */
function putBefore(out, later, input) {
  const place = out.length;
  out.push((later.seq - input.seq) << 4);
  if (input.walk !== later.walk) {
    out[place] |= WALK_BIT;
    put16(out, input.walk);
  }
  if (input.pace !== later.pace) {
    out[place] |= PACE_BIT;
    out.push(input.pace);
  }
  if (input.aim !== later.aim) {
    out[place] |= AIM_BIT;
    put16(out, input.aim);
  }
  if (input.ability !== later.ability) {
    out[place] |= ABILITY_BIT;
    out.push(input.ability);
  }
}

/**
 * @param {number[]} out
 * @param {number} number
 */
function put16(out, number) {
  out.push(number & 255, (number >>> 8) & 255);
}

/**
 * @param {number[]} out
 * @param {number} number
 */
function put32(out, number) {
  put16(out, number);
  put16(out, number >>> 16);
}
