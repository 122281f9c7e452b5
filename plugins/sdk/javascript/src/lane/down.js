import { Reader, isWithin, slots } from './bytes.js';
import { LaneError } from './error.js';
import { readEvent } from './events.js';

/** First byte of a datagram of the lane. */
export const LANE_BYTE = 5;
/** Bytes of a datagram at most: `LANE_BYTES_MAX` of the protocol. */
export const LANE_BYTES_MAX = 1_180;

const OWN_BIT = 1;
const KEYFRAME_BIT = 2;

const BYTES_MASK = 15;
const NUMBER_BIT = 16;
const ALL_TOLD_BIT = 32;
const CAME_BIT = 64;
const TEMPLATE_BIT = 128;

/** Kinds of records by their tags. Only the first five are in pages. @type {readonly import('./types.js').RecordKind[]} */
export const KINDS = ['player', 'npc', 'item', 'container', 'projectile', 'hazard', 'storm'];
const PAGE_KINDS_COUNT = 5;

/**
 * A box of cells, both corners included.
 *
 * @typedef {{ lowRow: number, lowColumn: number, highRow: number, highColumn: number }} CellBox
 *
 * @typedef {object} DownHead How a datagram of the server begins.
 * @property {number} seq Its number, which wraps at 65,536.
 * @property {number} tick The tick it shows.
 * @property {number} intervalTicks Ticks between datagrams now.
 * @property {boolean} isKeyframe It builds on nothing sent before.
 * @property {CellBox} interest Everything of cells outside is to be forgotten.
 * @property {number} check Sum over its pages.
 * @property {number} inputSeq The newest input that the avatar's state includes.
 * @property {number} alive
 * @property {number} extracted
 * @property {import('./types.js').OwnState | null} own
 * @property {number} areasCount
 * @property {number} pagesCount
 * @property {number} eventsCount
 *
 * @typedef {object} PageBlock A page as it arrived.
 * @property {number} row
 * @property {number} column
 * @property {number} page Which page of the cell.
 * @property {import('./bytes.js').Mask} present
 * @property {import('./bytes.js').Mask} came
 * @property {number[]} cameSlots Slots whose facet is told, and in the same order:
 * @property {number[]} ids
 * @property {number[]} kinds
 * @property {number[]} templates
 * @property {number[]} toldSlots Slots whose motion is told, and in the same order:
 * @property {number[]} motions
 *
 * @typedef {object} DownBody What follows the head.
 * @property {import('./types.js').Entity[]} areas
 * @property {PageBlock[]} pages
 * @property {import('./types.js').GameEvent[]} events
 */

/**
 * @param {CellBox} box
 * @param {number} row
 * @param {number} column
 */
export function contains(box, row, column) {
  return box.lowRow <= row && row <= box.highRow && box.lowColumn <= column && column <= box.highColumn;
}

/**
 * Begins to read a datagram.
 *
 * @param {Uint8Array} bytes
 * @returns {{ head: DownHead, reader: Reader }} The reader stands behind the head.
 */
export function readHead(bytes) {
  if (bytes.byteLength > LANE_BYTES_MAX) {
    throw new LaneError('too_long', `a datagram of ${bytes.byteLength} bytes`);
  }
  const reader = new Reader(bytes);
  const lane = reader.u8();
  if (lane !== LANE_BYTE) throw new LaneError('unknown_tag', `a datagram of the lane does not begin with ${lane}`);
  const seq = reader.u16();
  const tick = reader.u32();
  const intervalTicks = reader.u8();
  const flags = reader.u8();
  if ((flags & ~(OWN_BIT | KEYFRAME_BIT)) !== 0) throw new LaneError('malformed', `flags are ${flags}`);
  const interest = {
    lowRow: reader.u8(),
    lowColumn: reader.u8(),
    highRow: reader.u8(),
    highColumn: reader.u8(),
  };
  const areasCount = reader.u8();
  const pagesCount = reader.u8();
  const eventsCount = reader.u8();
  const check = reader.u32();
  const inputSeq = reader.varint();
  const alive = readShort(reader);
  const extracted = readShort(reader);
  const own = (flags & OWN_BIT) === 0 ? null : readOwn(reader);
  const isKeyframe = (flags & KEYFRAME_BIT) !== 0;
  const counts = { areasCount, pagesCount, eventsCount };
  const head = { seq, tick, intervalTicks, isKeyframe, interest, check, inputSeq, alive, extracted, own, ...counts };
  return { head, reader };
}

/**
 * Reads all that follows a head, to the datagram's end.
 *
 * @param {Reader} reader
 * @param {DownHead} head
 * @returns {DownBody}
 */
export function readBody(reader, head) {
  const areas = [];
  for (let left = head.areasCount; left > 0; left -= 1) areas.push(readRecord(reader));
  const pages = [];
  for (let left = head.pagesCount; left > 0; left -= 1) {
    const page = readPage(reader);
    if (!contains(head.interest, page.row, page.column)) {
      throw new LaneError('malformed', 'a page lies outside the interest');
    }
    pages.push(page);
  }
  const events = [];
  for (let left = head.eventsCount; left > 0; left -= 1) events.push(readEvent(reader));
  reader.end();
  return { areas, pages, events };
}

/**
 * A number that may be written as wide as a `u32`, and has to be a `u16`.
 *
 * @param {Reader} reader
 */
function readShort(reader) {
  const number = reader.varint();
  if (number > 0xffff) throw new LaneError('malformed', `${number} is out of range`);
  return number;
}

/**
 * @param {Reader} reader
 * @returns {import('./types.js').OwnState}
 */
function readOwn(reader) {
  return {
    x: reader.zigzag(),
    y: reader.zigzag(),
    heading: reader.varint16(),
    speed: reader.varint16(),
    hp: reader.varint(),
    hp_max: reader.varint(),
    mp: reader.varint(),
    cooling: reader.u8(),
    extraction_ticks: reader.varint16(),
  };
}

/**
 * @param {Reader} reader
 * @returns {import('./types.js').Entity}
 */
function readRecord(reader) {
  return {
    id: reader.varint(),
    kind: KINDS[reader.tag(KINDS.length)],
    template: reader.varint16(),
    x: reader.zigzag(),
    y: reader.zigzag(),
    heading: reader.u8(),
    hp_band: reader.u8(),
    extent: reader.varint16(),
  };
}

/**
 * @param {Reader} reader
 * @returns {PageBlock}
 */
export function readPage(reader) {
  const row = reader.u8();
  const column = reader.u8();
  const shape = reader.u8();
  const byteCount = shape & BYTES_MASK;
  if (byteCount > 8 || (shape & TEMPLATE_BIT) !== 0) throw new LaneError('malformed', `a page's shape is ${shape}`);
  const page = (shape & NUMBER_BIT) === 0 ? 0 : reader.u8();
  const present = reader.bitmap(byteCount);
  const told = (shape & ALL_TOLD_BIT) === 0 ? reader.bitmap(byteCount) : present;
  const came = (shape & CAME_BIT) === 0 ? { low: 0, high: 0 } : reader.bitmap(byteCount);
  if (!isWithin(told, present) || !isWithin(came, told)) {
    throw new LaneError('malformed', 'a page tells of what is not in it');
  }
  const cameSlots = slots(came);
  const ids = [];
  const kinds = [];
  const templates = [];
  for (let left = cameSlots.length; left > 0; left -= 1) {
    ids.push(reader.varint());
    const byte = reader.u8();
    const kind = byte & ~TEMPLATE_BIT;
    if (kind >= PAGE_KINDS_COUNT) throw new LaneError('unknown_tag', `unknown tag ${kind}`);
    kinds.push(kind);
    templates.push((byte & TEMPLATE_BIT) === 0 ? 0 : readShort(reader));
  }
  const toldSlots = slots(told);
  const motions = toldSlots.map(() => reader.u32());
  return { row, column, page, present, came, cameSlots, ids, kinds, templates, toldSlots, motions };
}
