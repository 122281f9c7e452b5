// Frames of RFC 6455 from the client's side, for `node_socket.js`.

import { randomBytes } from 'node:crypto';

/** Largest message that is read: a server's largest has half of that. */
const MESSAGE_BYTES_MAX = 1 << 20;
/** Frames that a message may come in. */
const FRAGMENTS_MAX = 1_024;
const CONTROL_BYTES_MAX = 125;

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** The peer broke the rules: the connection is closed with this code. */
export class ProtocolError extends Error {
  /**
   * @param {number} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * One whole frame, masked as a client has to.
 * @param {number} opcode
 * @param {Uint8Array} contents
 */
export function frame(opcode, contents) {
  const { length } = contents;
  const head = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
  const out = Buffer.alloc(head + 4 + length);
  out[0] = 0x80 | opcode;
  if (head === 2) out[1] = 0x80 | length;
  else if (head === 4) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = randomBytes(4);
  out.set(mask, head);
  for (let at = 0; at < length; at += 1) out[head + 4 + at] = contents[at] ^ mask[at & 3];
  return out;
}

/** Takes frames out of what arrives. Lengths are held to the limits before anything of their size is kept. */
export class FrameReader {
  /** @type {Buffer} */
  #buffer = Buffer.alloc(0);
  /** @type {Buffer[]} */
  #parts = [];
  #partsOf = 0;
  #partsBytes = 0;

  /** @param {Buffer} bytes */
  feed(bytes) {
    this.#buffer = this.#buffer.length ? Buffer.concat([this.#buffer, bytes]) : bytes;
  }

  /**
   * The next message or control frame; nothing where none is whole yet.
   * @returns {{ opcode: number, contents: Buffer } | undefined}
   * @throws {ProtocolError}
   */
  next() {
    for (;;) {
      const found = this.#frame();
      if (!found) return undefined;
      const { opcode, isLast, contents } = found;
      if (opcode >= CLOSE) return { opcode, contents };
      if (opcode !== 0) this.#partsOf = opcode;
      this.#parts.push(contents);
      this.#partsBytes += contents.length;
      if (!isLast) continue;
      const whole = { opcode: this.#partsOf, contents: this.#parts.length === 1 ? contents : Buffer.concat(this.#parts) };
      this.#parts = [];
      this.#partsOf = 0;
      this.#partsBytes = 0;
      return whole;
    }
  }

  #frame() {
    const buffer = this.#buffer;
    if (buffer.length < 2) return undefined;
    const [first, second] = buffer;
    const opcode = first & 0x0f;
    const isLast = (first & 0x80) !== 0;
    if (first & 0x70) throw new ProtocolError(1002, 'a reserved bit is set');
    if (second & 0x80) throw new ProtocolError(1002, 'a server does not mask');
    const head = (second & 0x7f) < 126 ? 2 : (second & 0x7f) === 126 ? 4 : 10;
    if (buffer.length < head) return undefined;
    const length = head === 2 ? second & 0x7f : head === 4 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
    this.#check(opcode, isLast, length);
    if (buffer.length < head + length) return undefined;
    this.#buffer = buffer.subarray(head + length);
    return { opcode, isLast, contents: buffer.subarray(head, head + length) };
  }

  /**
   * @param {number} opcode
   * @param {boolean} isLast
   * @param {number} length
   */
  #check(opcode, isLast, length) {
    if (opcode >= CLOSE) {
      if (opcode > PONG) throw new ProtocolError(1002, `nothing is ${opcode}`);
      if (!isLast || length > CONTROL_BYTES_MAX) throw new ProtocolError(1002, 'a control frame is short and whole');
      return;
    }
    if (opcode > BINARY) throw new ProtocolError(1002, `nothing is ${opcode}`);
    if ((opcode === 0) !== (this.#partsOf !== 0)) throw new ProtocolError(1002, 'a frame is out of order');
    if (this.#parts.length >= FRAGMENTS_MAX) throw new ProtocolError(1009, 'a message is in too many frames');
    if (this.#partsBytes + length > MESSAGE_BYTES_MAX) throw new ProtocolError(1009, 'a message is too long');
  }
}
