// A WebSocket for Node 20, which has none of its own: the client's side of RFC 6455 over `node:http`. Loaded only where there is no
// global `WebSocket`; it has those parts of that interface which this client uses.

import { createHash, randomBytes } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

import { HypogeumError } from './errors.js';
import { BINARY, CLOSE, FrameReader, PING, PONG, ProtocolError, TEXT, frame } from './frames.js';

/** What a server mixes into the key of a handshake (RFC 6455, section 1.3). */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** How long an upgrade, and a goodbye, may take. */
const HANDSHAKE_MS_MAX = 10_000;
const GOODBYE_MS_MAX = 2_000;
/** Largest answer to an upgrade that is refused. */
const REFUSAL_BYTES_MAX = 16_384;

/**
 * Why an upgrade was refused.
 * @param {import('node:http').IncomingMessage} answer
 * @returns {Promise<HypogeumError>}
 */
async function refusal(answer) {
  /** @type {Buffer[]} */
  const pieces = [];
  let bytes = 0;
  try {
    for await (const piece of answer) {
      bytes += piece.length;
      if (bytes > REFUSAL_BYTES_MAX) break;
      pieces.push(piece);
    }
  } catch {
    // What has come is what there is.
  }
  const details = { status: answer.statusCode, about: 'socket' };
  try {
    return HypogeumError.of(JSON.parse(Buffer.concat(pieces).toString('utf8')), details);
  } catch {
    return new HypogeumError('unreadable', `the upgrade was answered with ${answer.statusCode}`, details);
  }
}

/** See the head of this file. */
export class NodeSocket {
  binaryType = 'arraybuffer';
  protocol = '';
  /** As of the global one: 0 connecting, 1 open, 2 closing, 3 closed. */
  readyState = 0;
  /** @type {((event: any) => void) | null} */
  onopen = null;
  /** @type {((event: any) => void) | null} */
  onmessage = null;
  /** @type {((event: any) => void) | null} */
  onclose = null;
  /** @type {((event: any) => void) | null} */
  onerror = null;
  /**
   * Something arrived that is no message: a ping. Not of the global one.
   * @type {(() => void) | null}
   */
  onping = null;

  /** @type {import('node:net').Socket | undefined} */
  #socket;
  #reader = new FrameReader();
  /** @type {import('node:http').ClientRequest} */
  #request;
  #closeCode = 1006;
  #closeReason = '';
  #hasSaidClose = false;

  /**
   * @param {string} url of `ws:` or `wss:`
   * @param {string | string[]} [protocols]
   */
  constructor(url, protocols = []) {
    const target = new URL(url);
    const isSecure = target.protocol === 'wss:';
    target.protocol = isSecure ? 'https:' : 'http:';
    const key = randomBytes(16).toString('base64');
    const offered = [protocols].flat();
    this.#request = (isSecure ? secureRequest : plainRequest)(target, {
      agent: false,
      timeout: HANDSHAKE_MS_MAX,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        ...(offered.length ? { 'Sec-WebSocket-Protocol': offered.join(', ') } : {}),
      },
    });
    this.#request.on('upgrade', (answer, socket, head) => this.#upgraded(answer, /** @type {import('node:net').Socket} */ (socket), head, key));
    this.#request.on('response', (answer) => void refusal(answer).then((error) => this.#failed(error)));
    this.#request.on('timeout', () => this.#failed(new HypogeumError('unreachable', 'no answer to the upgrade in time')));
    this.#request.on('error', (cause) => this.#failed(new HypogeumError('unreachable', `no answer from ${target.host}: ${cause.message}`, { cause })));
    this.#request.end();
  }

  /** Bytes that wait for the network. */
  get bufferedAmount() {
    return this.#socket?.writableLength ?? 0;
  }

  /** @param {string | Uint8Array} message */
  send(message) {
    if (this.readyState !== 1) return;
    if (typeof message === 'string') this.#write(TEXT, Buffer.from(message, 'utf8'));
    else this.#write(BINARY, message);
  }

  /**
   * @param {number} [code]
   * @param {string} [reason]
   */
  close(code = 1000, reason = '') {
    if (this.readyState === 0) {
      this.#failed(new HypogeumError('closed', 'closed before it was open'));
      return;
    }
    if (this.readyState !== 1) return;
    this.readyState = 2;
    const contents = Buffer.concat([Buffer.alloc(2), Buffer.from(reason, 'utf8')]);
    contents.writeUInt16BE(code);
    this.#hasSaidClose = true;
    this.#write(CLOSE, contents);
    const socket = this.#socket;
    setTimeout(() => socket?.destroy(), GOODBYE_MS_MAX).unref();
  }

  /**
   * @param {import('node:http').IncomingMessage} answer
   * @param {import('node:net').Socket} socket
   * @param {Buffer} head
   * @param {string} key
   */
  #upgraded(answer, socket, head, key) {
    if (this.readyState !== 0) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    socket.setTimeout(0);
    socket.setNoDelay(true);
    const expected = createHash('sha1').update(key + HANDSHAKE_GUID).digest('base64');
    socket.on('error', () => socket.destroy());
    if (answer.headers['sec-websocket-accept'] !== expected) {
      socket.destroy();
      this.#failed(new HypogeumError('unreadable', 'the answer to the upgrade is not that of a WebSocket'));
      return;
    }
    this.protocol = answer.headers['sec-websocket-protocol'] ?? '';
    this.readyState = 1;
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#closed());
    this.onopen?.({});
    if (head.length) this.#take(head);
  }

  /** @param {Buffer} bytes */
  #take(bytes) {
    this.#reader.feed(bytes);
    try {
      for (;;) {
        if (this.readyState === 3 || this.#closeCode !== 1006) return;
        const next = this.#reader.next();
        if (!next) return;
        this.#handle(next.opcode, next.contents);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.close(error.code, error.message);
      this.#closeCode = error.code;
      this.#closeReason = error.message;
      this.#socket?.end();
    }
  }

  /**
   * @param {number} opcode
   * @param {Buffer} contents
   */
  #handle(opcode, contents) {
    if (opcode === CLOSE) {
      this.#closeCode = contents.length >= 2 ? contents.readUInt16BE() : 1005;
      this.#closeReason = contents.subarray(2).toString('utf8');
      this.readyState = 2;
      if (!this.#hasSaidClose) this.#write(CLOSE, contents.subarray(0, 2));
      this.#socket?.end();
    } else if (opcode === PING) {
      if (this.readyState === 1) this.#write(PONG, contents);
      this.onping?.();
    } else if (opcode === TEXT) {
      const data = textOf(contents);
      this.onmessage?.({ data });
    } else if (opcode === BINARY) {
      // A copy: what arrives is read into memory that is used again.
      this.onmessage?.({ data: Uint8Array.from(contents).buffer });
    }
  }

  /**
   * @param {number} opcode
   * @param {Uint8Array} contents
   */
  #write(opcode, contents) {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) this.#socket.write(frame(opcode, contents));
  }

  /** @param {HypogeumError} error */
  #failed(error) {
    if (this.readyState === 3) return;
    this.#closeReason = error.message;
    this.#request.destroy();
    this.#socket?.destroy();
    this.onerror?.({ error });
    this.#closed();
  }

  #closed() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code: this.#closeCode, reason: this.#closeReason });
  }
}

/** @param {Buffer} contents */
function textOf(contents) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(contents);
  } catch {
    throw new ProtocolError(1007, 'a text is not UTF-8');
  }
}
