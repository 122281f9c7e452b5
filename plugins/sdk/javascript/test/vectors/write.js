/**
 * Writes a server's datagrams for tests, as `PROTOCOL.md` says, with a check worked out in big integers.
 *
 * @typedef {object} TestThing What is in a slot. Without an id nobody is introduced, with `isKept` no motion is told.
 * @property {number} slot
 * @property {number} [id]
 * @property {number} x Steps of 9 subunits from 512 before the cell's corner.
 * @property {number} [y]
 * @property {number} [known] Its name, for the check, where it was introduced before.
 * @property {boolean} [isKept]
 *
 * @typedef {object} TestPage
 * @property {number} row
 * @property {number} column
 * @property {TestThing[]} things
 *
 * @typedef {object} TestDatagram
 * @property {number} seq
 * @property {number} tick
 * @property {number} [interval]
 * @property {boolean} [isKeyframe]
 * @property {{ x: number, y: number, speed: number }} [own]
 * @property {number} [inputSeq]
 * @property {[number, number, number, number]} [interest] Lowest row and column, highest row and column.
 * @property {TestPage[]} [pages]
 * @property {number} [bend] Added to the check.
 */

/** @param {TestThing} thing */
const motionOf = ({ x, y = 100 }) => x + y * 1_024;

/**
 * @param {number} number
 * @param {number} count
 */
const little = (number, count) => Array.from({ length: count }, (_, at) => Math.floor(number / 256 ** at) % 256);

/** @param {number} number */
const varint = (number) => (number < 251 ? [number] : [252, ...little(number, 4)]);

/** @param {number} number */
const zigzag = (number) => varint(number < 0 ? -2 * number - 1 : 2 * number);

/** @param {TestThing[]} things */
const bitmap = (things) => little(things.reduce((mask, { slot }) => mask + 2 ** slot, 0), 4);

/** @param {TestPage} page */
function check({ row, column, things }) {
  const word = 0xffff_ffffn;
  let sum = BigInt(row * 65_536 + column * 256) * 2_654_435_761n;
  for (const thing of things) {
    const by = BigInt(thing.slot % 32);
    const motion = BigInt(motionOf(thing));
    const rotated = ((motion << by) | (motion >> (32n - by))) & word;
    const mixed = ((BigInt(thing.id ?? thing.known ?? 0) * 2_246_822_519n) & word) ^ rotated;
    sum += ((mixed ^ (mixed >> 15n)) * 739_982_445n) & word;
  }
  return Number(sum & word);
}

/** @param {TestPage} page */
function pageBytes({ row, column, things }) {
  const told = things.filter((thing) => thing.isKept !== true);
  const came = told.filter((thing) => thing.id !== undefined);
  const facets = came.flatMap((thing) => [...varint(thing.id ?? 0), 1]);
  const motions = told.flatMap((thing) => little(motionOf(thing), 4));
  return [row, column, 4 | 64, ...bitmap(things), ...bitmap(told), ...bitmap(came), ...facets, ...motions];
}

/** @param {TestDatagram} datagram */
export function writeDown(datagram) {
  const { seq, tick, interval = 1, isKeyframe = false, own, inputSeq = 0, bend = 0 } = datagram;
  const { interest = [0, 0, 9, 9], pages = [] } = datagram;
  const sum = pages.reduce((all, page) => (all + check(page)) % 2 ** 32, bend);
  const state =
    own === undefined ? [] : [...zigzag(own.x), ...zigzag(own.y), 0, ...[251, ...little(own.speed, 2)], 9, 9, 0, 0, 0];
  return Uint8Array.from([
    5,
    ...little(seq, 2),
    ...little(tick, 4),
    interval,
    (own === undefined ? 0 : 1) | (isKeyframe ? 2 : 0),
    ...interest,
    ...[0, pages.length, 0],
    ...little(sum, 4),
    ...[...varint(inputSeq), 1, 0],
    ...state,
    ...pages.flatMap(pageBytes),
  ]);
}
