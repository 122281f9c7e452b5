// MessagePack, as much of it as the protocol uses: nil, booleans, whole numbers, floats, strings, bytes, lists and maps.
//
// Whole numbers beyond 2^53 - 1 are a BigInt, all others a number. Bytes are a Uint8Array. Extension types are refused.

/** Maps and lists within one another that are read: a server's deepest message has five. */
export const DEPTH_MAX = 16;

/** Bytes that are no MessagePack, or a value that MessagePack has no form for. */
export class MessagePackError extends Error {
  name = 'MessagePackError';
}

const utf8Writer = new TextEncoder();
const utf8Reader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that grow as they are written. */
class Writer {
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);
  length = 0;

  /**
   * Makes room, and returns where it begins.
   * @param {number} count
   */
  room(count) {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.bytes.length));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }

  /** @param {number} byte */
  u8(byte) {
    // Making room may put other bytes in their place.
    const at = this.room(1);
    this.bytes[at] = byte;
  }

  /**
   * A marker and a whole number of so many bytes.
   * @param {number} marker
   * @param {1 | 2 | 4} width
   * @param {number} value
   */
  marked(marker, width, value) {
    this.u8(marker);
    const at = this.room(width);
    if (width === 1) this.view.setUint8(at, value);
    else if (width === 2) this.view.setUint16(at, value);
    else this.view.setUint32(at, value);
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** @param {bigint} value */
  wide(value) {
    if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new MessagePackError(`${value} has more than 64 bits`);
    this.u8(value < 0n ? 0xd3 : 0xcf);
    const at = this.room(8);
    this.view.setBigUint64(at, BigInt.asUintN(64, value));
  }

  /** @param {number} value */
  number(value) {
    if (!Number.isSafeInteger(value)) {
      this.u8(0xcb);
      const at = this.room(8);
      this.view.setFloat64(at, value);
    } else if (value >= 0) {
      if (value < 0x80) this.u8(value);
      else if (value < 0x100) this.marked(0xcc, 1, value);
      else if (value < 0x10000) this.marked(0xcd, 2, value);
      else if (value < 0x100000000) this.marked(0xce, 4, value);
      else this.wide(BigInt(value));
    } else if (value >= -0x20) this.u8(value + 0x100);
    else if (value >= -0x80) this.marked(0xd0, 1, value);
    else if (value >= -0x8000) this.marked(0xd1, 2, value);
    else if (value >= -0x80000000) this.marked(0xd2, 4, value);
    else this.wide(BigInt(value));
  }

  /**
   * The head of something that has a length.
   * @param {number} length
   * @param {{ fix?: [marker: number, below: number], wide: [number | undefined, number, number] }} markers
   */
  head(length, { fix, wide: [eight, sixteen, thirtyTwo] }) {
    if (fix && length < fix[1]) this.u8(fix[0] | length);
    else if (eight !== undefined && length < 0x100) this.marked(eight, 1, length);
    else if (length < 0x10000) this.marked(sixteen, 2, length);
    else this.marked(thirtyTwo, 4, length);
  }

  /**
   * @param {unknown} value
   * @param {number} depth
   */
  value(value, depth) {
    if (depth > DEPTH_MAX) throw new MessagePackError(`more than ${DEPTH_MAX} maps and lists lie within one another`);
    if (value === null || value === undefined) this.u8(0xc0);
    else if (typeof value === 'boolean') this.u8(value ? 0xc3 : 0xc2);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'bigint') {
      const isSmall = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
      if (isSmall) this.number(Number(value));
      else this.wide(value);
    } else if (typeof value === 'string') {
      const bytes = utf8Writer.encode(value);
      this.head(bytes.length, { fix: [0xa0, 32], wide: [0xd9, 0xda, 0xdb] });
      this.raw(bytes);
    } else if (value instanceof Uint8Array) {
      this.head(value.length, { wide: [0xc4, 0xc5, 0xc6] });
      this.raw(value);
    } else if (Array.isArray(value)) {
      this.head(value.length, { fix: [0x90, 16], wide: [undefined, 0xdc, 0xdd] });
      for (const element of value) this.value(element, depth + 1);
    } else if (typeof value === 'object') {
      const entries = Object.entries(value).filter(([, field]) => field !== undefined);
      this.head(entries.length, { fix: [0x80, 16], wide: [undefined, 0xde, 0xdf] });
      for (const [key, field] of entries) {
        this.value(key, depth + 1);
        this.value(field, depth + 1);
      }
    } else throw new MessagePackError(`a ${typeof value} has no form in MessagePack`);
  }
}

/**
 * A value as MessagePack, in the shortest form. Fields that are undefined are left out.
 * @param {unknown} value
 * @returns {Uint8Array}
 * @throws {MessagePackError} where it has no form
 */
export function encode(value) {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.bytes.slice(0, writer.length);
}

/** Reads one value after the other. Nothing is allocated on the word of a length: what it counts has to be there. */
class Reader {
  at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Goes on by so many bytes, and returns where they begin.
   * @param {number} count
   */
  take(count) {
    const at = this.at;
    if (count > this.bytes.length - at) throw new MessagePackError(`it ends within a value, at byte ${at}`);
    this.at += count;
    return at;
  }

  /** @param {1 | 2 | 4} width */
  length(width) {
    const at = this.take(width);
    if (width === 1) return this.view.getUint8(at);
    return width === 2 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  /** @param {number} length */
  text(length) {
    const at = this.take(length);
    try {
      return utf8Reader.decode(this.bytes.subarray(at, at + length));
    } catch {
      throw new MessagePackError(`the text at byte ${at} is not UTF-8`);
    }
  }

  /** @param {number} length */
  raw(length) {
    const at = this.take(length);
    return this.bytes.slice(at, at + length);
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  list(length, depth) {
    if (length > this.bytes.length - this.at) throw new MessagePackError('a list is longer than what is there');
    const list = [];
    for (let index = 0; index < length; index += 1) list.push(this.value(depth + 1));
    return list;
  }

  /**
   * @param {number} length
   * @param {number} depth
   */
  map(length, depth) {
    if (2 * length > this.bytes.length - this.at) throw new MessagePackError('a map is longer than what is there');
    /** @type {Record<string, unknown>} */
    const map = {};
    for (let index = 0; index < length; index += 1) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new MessagePackError('a key of a map is no text');
      const value = this.value(depth + 1);
      // Plain assignment of this key would change what the object inherits.
      if (key === '__proto__') continue;
      map[key] = value;
    }
    return map;
  }

  /** @param {boolean} isSigned */
  wide(isSigned) {
    const at = this.take(8);
    const value = isSigned ? this.view.getBigInt64(at) : this.view.getBigUint64(at);
    const isExact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
    return isExact ? Number(value) : value;
  }

  /**
   * @param {number} depth
   * @returns {unknown}
   */
  value(depth) {
    if (depth > DEPTH_MAX) throw new MessagePackError(`more than ${DEPTH_MAX} maps and lists lie within one another`);
    const marker = this.bytes[this.take(1)];
    if (marker < 0x80) return marker;
    if (marker < 0x90) return this.map(marker & 0x0f, depth);
    if (marker < 0xa0) return this.list(marker & 0x0f, depth);
    if (marker < 0xc0) return this.text(marker & 0x1f);
    if (marker >= 0xe0) return marker - 0x100;
    switch (marker) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: return this.raw(this.length(1));
      case 0xc5: return this.raw(this.length(2));
      case 0xc6: return this.raw(this.length(4));
      case 0xca: return this.view.getFloat32(this.take(4));
      case 0xcb: return this.view.getFloat64(this.take(8));
      case 0xcc: return this.view.getUint8(this.take(1));
      case 0xcd: return this.view.getUint16(this.take(2));
      case 0xce: return this.view.getUint32(this.take(4));
      case 0xcf: return this.wide(false);
      case 0xd0: return this.view.getInt8(this.take(1));
      case 0xd1: return this.view.getInt16(this.take(2));
      case 0xd2: return this.view.getInt32(this.take(4));
      case 0xd3: return this.wide(true);
      case 0xd9: return this.text(this.length(1));
      case 0xda: return this.text(this.length(2));
      case 0xdb: return this.text(this.length(4));
      case 0xdc: return this.list(this.length(2), depth);
      case 0xdd: return this.list(this.length(4), depth);
      case 0xde: return this.map(this.length(2), depth);
      case 0xdf: return this.map(this.length(4), depth);
      default: throw new MessagePackError(`nothing here begins with ${marker.toString(16)}`);
    }
  }
}

/**
 * The value that these bytes are, all of them.
 * @param {Uint8Array} bytes
 * @returns {unknown}
 * @throws {MessagePackError} where they are none
 */
export function decode(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new MessagePackError(`${bytes.length - reader.at} bytes follow the value`);
  return value;
}
