/**
 * Binary angles and lengths in whole numbers, as the server has them: one turn, the full circle, is 65,536 units, and sines are
 * scaled by 32,768. Every answer is the server's, bit by bit: the tables are worked out from the same power series in the same
 * fixed point, and no product of the rest exceeds 2^53, so a number holds it exactly.
 */

/** A quarter of a circle in turns. */
export const QUARTER = 16_384;

const ENTRIES = 256;
/** Fixed point of the series. */
const Q = 50n;
/** π in that fixed point. */
const PI = 3_537_118_876_014_220n;
const I32_MAX = 0x7fff_ffff;

/** The sines of a quarter circle, scaled by 2^30. */
const SINES = Int32Array.from({ length: ENTRIES + 1 }, (_, entry) => {
  // Taylor's series: x - x³/3! + x⁵/5! - …
  const x = (PI * BigInt(entry)) / BigInt(2 * ENTRIES);
  const square = (x * x) >> Q;
  let term = x;
  let sum = x;
  for (let n = 1n; n <= 12n; n += 1n) {
    term = -((term * square) >> Q) / (2n * n * (2n * n + 1n));
    sum += term;
  }
  return Number((sum + (1n << (Q - 31n))) >> (Q - 30n));
});

/** The angles whose tangents are 0/256, 1/256, … 1, in 1/4096 turns. */
const ANGLES = Int32Array.from({ length: ENTRIES + 1 }, (_, entry) => {
  // Euler's series: with y = t²/(1 + t²), atan t = y/t · (1 + 2/3·y + 2·4/(3·5)·y² + …)
  const t = BigInt(entry) << (Q - 8n);
  const square = (t * t) >> Q;
  const y = (square << Q) / ((1n << Q) + square);
  let term = (t << Q) / ((1n << Q) + square);
  let sum = 0n;
  for (let n = 1n; n <= 60n; n += 1n) {
    sum += term;
    term = (((term * y) >> Q) * (2n * n)) / (2n * n + 1n);
  }
  return Number(((sum << 28n) + PI) / (2n * PI));
});

/**
 * The sine of an angle in turns, scaled by 32,768.
 *
 * @param {number} turn
 */
export function sin(turn) {
  const into = turn & (QUARTER - 1);
  const along = (turn & QUARTER) === 0 ? into : QUARTER - into;
  const entry = along >> 6;
  const low = SINES[entry];
  const high = entry < ENTRIES ? SINES[entry + 1] : low;
  const value = Math.floor((low * 64 + (high - low) * (along & 63) + 1_048_576) / 2_097_152);
  return (turn & (2 * QUARTER)) === 0 ? value : -value | 0;
}

/**
 * The cosine of an angle in turns, scaled by 32,768.
 *
 * @param {number} turn
 */
export function cos(turn) {
  return sin((turn + QUARTER) & 0xffff);
}

/**
 * The direction of a vector of whole 32-bit numbers in turns, rounded to the nearest; 0 for no vector at all.
 *
 * @param {number} dx
 * @param {number} dy
 */
export function toward(dx, dy) {
  const ax = Math.abs(dx);
  const ay = Math.abs(dy);
  const high = Math.max(ax, ay);
  if (high === 0) return 0;
  const ratio = Math.floor((Math.min(ax, ay) * 65_536) / high);
  const entry = ratio >> 8;
  const from = ANGLES[entry];
  const to = entry < ENTRIES ? ANGLES[entry + 1] : from;
  const fine = from + Math.trunc(((to - from) * (ratio & 255)) / 256);
  const eighth = (fine + 2_048) >> 12;
  const quarter = ay > ax ? QUARTER - eighth : eighth;
  const half = dx < 0 ? 2 * QUARTER - quarter : quarter;
  return (dy < 0 ? -half : half) & 0xffff;
}

/**
 * The vector of this length in this direction, each part rounded to the nearest.
 *
 * @param {number} direction
 * @param {number} length
 * @returns {import('./types.js').Position}
 */
export function step(direction, length) {
  return { x: part(cos(direction), length), y: part(sin(direction), length) };
}

/**
 * @param {number} share
 * @param {number} length
 */
function part(share, length) {
  return Math.floor((share * length + 16_384) / 32_768);
}

/**
 * The distance between two places in subunits, rounded down; at most 2^31 - 1.
 *
 * @param {import('./types.js').Position} from
 * @param {import('./types.js').Position} to
 */
export function distance(from, to) {
  const dx = Math.abs(from.x - to.x);
  const dy = Math.abs(from.y - to.y);
  // Whoever is farther away than that is as far away as can be told, and below it the square is exact but for the last bits.
  if (Math.max(dx, dy) >= I32_MAX) return I32_MAX;
  const square = BigInt(dx) * BigInt(dx) + BigInt(dy) * BigInt(dy);
  let root = BigInt(Math.floor(Math.sqrt(Number(square))));
  while (root * root > square) root -= 1n;
  while ((root + 1n) * (root + 1n) <= square) root += 1n;
  return Math.min(Number(root), I32_MAX);
}
