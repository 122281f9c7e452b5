// Plain values in the server's own codec: numbers, texts, bytes. `schema.js` knows what they make up.

/** Bytes that are not what they are read as, or a value that its type does not have. */
export class CodecError extends Error {
  name = 'CodecError';
}

/**
 * Bits of the whole numbers.
 * @type {Record<string, number>}
 */
const BITS = { u8: 8, u16: 16, u32: 32, u64: 64, i8: 8, i16: 16, i32: 32, i64: 64 };
const utf8Writer = new TextEncoder();
const utf8Reader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {bigint} value */
export function asNumber(value) {
  const isExact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isExact ? Number(value) : value;
}

export class Reader {
  at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left() {
    return this.bytes.length - this.at;
  }

  /** @param {number} count */
  take(count) {
    if (count > this.left) throw new CodecError(`it ends within a value, at byte ${this.at}`);
    const at = this.at;
    this.at += count;
    return at;
  }

  u8() {
    return this.bytes[this.take(1)];
  }

  /**
   * @param {number} bits
   * @returns {bigint}
   */
  unsigned(bits) {
    const first = this.u8();
    if (first <= 250) return BigInt(first);
    const width = 2 ** (first - 250);
    if (first > 253 || 8 * width > bits) throw new CodecError(`a number of ${bits} bits does not begin with ${first}`);
    const at = this.take(width);
    if (width === 2) return BigInt(this.view.getUint16(at, true));
    return width === 4 ? BigInt(this.view.getUint32(at, true)) : this.view.getBigUint64(at, true);
  }

  length() {
    const length = this.unsigned(64);
    // Of the shortest elements each has a byte, so no honest count is larger than what is left.
    if (length > BigInt(this.left)) throw new CodecError(`a length of ${length}, and ${this.left} bytes are left`);
    return Number(length);
  }

  /** @param {number} length */
  raw(length) {
    const at = this.take(length);
    return this.bytes.slice(at, at + length);
  }

  text() {
    try {
      return utf8Reader.decode(this.raw(this.length()));
    } catch (error) {
      if (error instanceof CodecError) throw error;
      throw new CodecError('a text is not UTF-8');
    }
  }
}

export class Writer {
  /** @type {number[]} */
  bytes = [];

  /**
   * @param {bigint} value
   * @param {number} bits
   */
  unsigned(value, bits) {
    if (value < 0n || value >= 1n << BigInt(bits)) throw new CodecError(`${value} is no number of ${bits} bits`);
    if (value <= 250n) {
      this.bytes.push(Number(value));
      return;
    }
    const width = value < 0x10000n ? 2 : value < 0x100000000n ? 4 : 8;
    this.bytes.push(250 + Math.log2(width));
    for (let byte = 0; byte < width; byte += 1) this.bytes.push(Number((value >> BigInt(8 * byte)) & 0xffn));
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    for (const byte of bytes) this.bytes.push(byte);
  }
}

/** @param {Reader} reader */
export function readBool(reader) {
  const byte = reader.u8();
  if (byte > 1) throw new CodecError(`${byte} is no truth value`);
  return byte === 1;
}

/**
 * @param {string} type
 * @param {Reader} reader
 */
export function readPlain(type, reader) {
  if (type === 'bool') return readBool(reader);
  if (type === 'string') return reader.text();
  if (type === 'bytes') return reader.raw(reader.length());
  const bits = BITS[type];
  if (!bits) throw new CodecError(`there is no type ${type}`);
  if (type === 'u8') return reader.u8();
  if (type === 'i8') return (reader.u8() << 24) >> 24;
  const value = reader.unsigned(bits);
  return asNumber(type.startsWith('u') ? value : value & 1n ? -((value + 1n) >> 1n) : value >> 1n);
}

/**
 * @param {string} type
 * @param {any} value
 * @param {Writer} writer
 * @param {string} where
 */
export function writePlain(type, value, writer, where) {
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw new CodecError(`${where} is no truth value`);
    writer.bytes.push(Number(value));
  } else if (type === 'string' || type === 'bytes') {
    const isGood = type === 'string' ? typeof value === 'string' : value instanceof Uint8Array;
    if (!isGood) throw new CodecError(`${where} is no ${type}`);
    const bytes = type === 'string' ? utf8Writer.encode(value) : value;
    writer.unsigned(BigInt(bytes.length), 64);
    writer.raw(bytes);
  } else writeNumber(type, value, writer, where);
}

/**
 * @param {string} type
 * @param {any} value
 * @param {Writer} writer
 * @param {string} where
 */
function writeNumber(type, value, writer, where) {
  const bits = BITS[type];
  if (!bits) throw new CodecError(`there is no type ${type}`);
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw new CodecError(`${where} is no whole number`);
  const whole = BigInt(value);
  const isSigned = type.startsWith('i');
  const isInRange = isSigned ? BigInt.asIntN(bits, whole) === whole : BigInt.asUintN(bits, whole) === whole;
  if (!isInRange) throw new CodecError(`${where} is ${value}, which is no ${type}`);
  if (bits === 8) writer.bytes.push(Number(BigInt.asUintN(8, whole)));
  else writer.unsigned(isSigned ? (whole < 0n ? -2n * whole - 1n : 2n * whole) : whole, bits);
}
