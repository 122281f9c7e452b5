import { LaneError } from './error.js';

/** Takes fields off the front of a datagram. Every read is checked against the end. */
export class Reader {
  /** @type {DataView} */
  #view;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Steps over so many bytes, and returns where they began.
   *
   * @param {number} count
   */
  #take(count) {
    const from = this.#at;
    if (from + count > this.#view.byteLength) {
      throw new LaneError('truncated', 'the datagram ends inside a field');
    }
    this.#at = from + count;
    return from;
  }

  u8() {
    return this.#view.getUint8(this.#take(1));
  }

  u16() {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32() {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A `u32` as the codec writes it: up to 250 in one byte, else 251 and two bytes, or 252 and four. */
  varint() {
    const first = this.u8();
    if (first === 251) return this.u16();
    if (first === 252) return this.u32();
    if (first > 252) throw new LaneError('malformed', 'a number is wider than its type');
    return first;
  }

  /** A `u16` as the codec writes it. */
  varint16() {
    const first = this.u8();
    if (first === 251) return this.u16();
    if (first > 251) throw new LaneError('malformed', 'a number is wider than its type');
    return first;
  }

  /** An `i32` as the codec writes it: zigzag. */
  zigzag() {
    const folded = this.varint();
    return (folded >>> 1) ^ -(folded & 1);
  }

  bool() {
    const byte = this.u8();
    if (byte > 1) throw new LaneError('malformed', 'a truth is neither 0 nor 1');
    return byte === 1;
  }

  /**
   * The tag of an enum with so many variants.
   *
   * @param {number} count
   */
  tag(count) {
    const tag = this.varint();
    if (tag >= count) throw new LaneError('unknown_tag', `unknown tag ${tag}`);
    return tag;
  }

  /**
   * A bitmap of so many bytes, at most 8, as two words of 32 bits.
   *
   * @param {number} byteCount
   * @returns {Mask}
   */
  bitmap(byteCount) {
    let low = 0;
    let high = 0;
    for (let index = 0; index < byteCount; index += 1) {
      const byte = this.u8();
      if (index < 4) low |= byte << (8 * index);
      else high |= byte << (8 * (index - 4));
    }
    return { low: low >>> 0, high: high >>> 0 };
  }

  /** That nothing is left. */
  end() {
    const left = this.#view.byteLength - this.#at;
    if (left > 0) throw new LaneError('trailing_bytes', `${left} bytes follow the end of the datagram`);
  }
}

/**
 * 64 bits, one for each slot of a page.
 *
 * @typedef {{ low: number, high: number }} Mask
 */

/**
 * The slots of a mask, rising.
 *
 * @param {Mask} mask
 * @returns {number[]}
 */
export function slots(mask) {
  const found = [];
  for (let word = mask.low; word !== 0; word &= word - 1) found.push(31 - Math.clz32(word & -word));
  for (let word = mask.high; word !== 0; word &= word - 1) found.push(63 - Math.clz32(word & -word));
  return found;
}

/**
 * Whether one mask has only slots of the other.
 *
 * @param {Mask} inner
 * @param {Mask} outer
 */
export function isWithin(inner, outer) {
  return (inner.low & ~outer.low) === 0 && (inner.high & ~outer.high) === 0;
}
