// A server of HTTP and WebSocket that does what a test says, over real sockets.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

import { decode, encode } from '../src/msgpack.js';

/** @typedef {{ v: number, type: string, id?: number, payload: any }} Message */
/** @typedef {{ method: string, path: string, body: any, token: string | undefined }} Asked */
/** @typedef {{ status?: number, body?: unknown, headers?: Record<string, string> }} Answer */

/** One frame as a server sends it. @param {number} opcode @param {Uint8Array} contents */
export function serverFrame(opcode, contents) {
  const { length } = contents;
  const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, contents]);
}

/** One client's connection. */
export class Peer {
  /** @type {Buffer} */
  buffer = Buffer.alloc(0);
  /** @type {Message[]} */
  heard = [];
  /** @type {Buffer[]} */
  states = [];
  /** @type {Buffer[]} */
  pongs = [];
  /** @type {number | undefined} the code of the client's close frame */
  closeCode;
  /** @type {(message: Message) => void} */
  onMessage = () => {};

  /** @param {import('node:net').Socket} socket @param {boolean} isJson */
  constructor(socket, isJson) {
    this.socket = socket;
    this.isJson = isJson;
    this.ended = new Promise((resolve) => socket.on('close', () => resolve(undefined)));
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('error', () => socket.destroy());
  }

  /** @param {Buffer} bytes */
  #take(bytes) {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    for (;;) {
      if (this.buffer.length < 6) return;
      const short = this.buffer[1] & 0x7f;
      const head = short < 126 ? 2 : 4;
      const length = short < 126 ? short : this.buffer.readUInt16BE(2);
      if (this.buffer.length < head + 4 + length) return;
      const mask = this.buffer.subarray(head, head + 4);
      const contents = Buffer.from(this.buffer.subarray(head + 4, head + 4 + length)).map((byte, at) => byte ^ mask[at % 4]);
      const opcode = this.buffer[0] & 0x0f;
      this.buffer = this.buffer.subarray(head + 4 + length);
      this.#frame(opcode, Buffer.from(contents));
    }
  }

  /** @param {number} opcode @param {Buffer} contents */
  #frame(opcode, contents) {
    if (opcode === 10) this.pongs.push(contents);
    else if (opcode === 8) {
      this.closeCode = contents.length >= 2 ? contents.readUInt16BE() : 1005;
      this.socket.end(serverFrame(8, contents.subarray(0, 2)));
    } else if (opcode === 2 && contents[0] === 5) this.states.push(contents);
    else {
      const message = /** @type {Message} */ (this.isJson ? JSON.parse(contents.toString()) : decode(contents));
      this.heard.push(message);
      this.onMessage(message);
    }
  }

  /** An envelope in its frame. @param {string} type @param {unknown} [payload] @param {number} [id] */
  envelope(type, payload, id) {
    const message = { v: 1, type, id, payload };
    return this.isJson ? serverFrame(1, Buffer.from(JSON.stringify(message))) : serverFrame(2, encode(message));
  }

  /** @param {string} type @param {unknown} [payload] @param {number} [id] */
  say(type, payload, id) {
    this.socket.write(this.envelope(type, payload, id));
  }

  /** @param {number} code */
  close(code) {
    const contents = Buffer.alloc(2);
    contents.writeUInt16BE(code);
    this.socket.end(serverFrame(8, contents));
  }

  /** The link breaks. */
  cut() {
    this.socket.destroy();
  }
}

/** A welcome. @param {object} [more] */
export const WELCOME = (more) => ({
  session: 1, account: 2, name: 'Ada', protocol_version: 9, tick_hz: 30, modes: [], current_match: null, locale: 'en', ...more,
});

export class FakeServer {
  /** @type {Peer[]} */
  peers = [];
  /** @type {Asked[]} */
  asked = [];
  /** Upgrades that were asked for. */
  upgrades = 0;
  /** @type {(asked: Asked) => Answer | Promise<Answer>} what HTTP answers: logins that are good for an hour */
  http = ({ path }) => ({ body: { access_token: `token-${this.asked.length}`, expires_in_s: 3600, account_id: 2, path } });
  /** @type {(peer: Peer, index: number) => void} what becomes of a socket: by default it is welcomed */
  socket = (peer) => this.welcome(peer);
  /** Whether sockets are taken at all. */
  isOpen = true;

  /** Answers a hello. @param {Peer} peer @param {(message: Message) => void} [then] what comes after it */
  welcome(peer, then = () => {}) {
    peer.onMessage = (message) => {
      if (message.type === 'hello') peer.say('welcome', WELCOME(), message.id);
      else then(message);
    };
  }

  static async start() {
    const fake = new FakeServer();
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const piece of request) text += piece;
      const token = request.headers.authorization?.replace('Bearer ', '');
      const asked = { method: request.method ?? '', path: request.url ?? '', body: text ? JSON.parse(text) : undefined, token };
      fake.asked.push(asked);
      const { status = 200, body = {}, headers = {} } = await fake.http(asked);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    server.on('upgrade', (request, socket) => {
      fake.upgrades += 1;
      if (!fake.isOpen) {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"code":"busy","message":"no room"}');
        return;
      }
      const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const offered = request.headers['sec-websocket-protocol'] ?? '';
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${offered}\r\n\r\n`,
      );
      const peer = new Peer(/** @type {import('node:net').Socket} */ (socket), offered.includes('json'));
      fake.peers.push(peer);
      fake.socket(peer, fake.peers.length - 1);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    fake.url = `http://127.0.0.1:${address.port}`;
    fake.server = server;
    return fake;
  }

  /** @type {string} */
  url = '';
  /** @type {import('node:http').Server | undefined} */
  server;

  async stop() {
    for (const peer of this.peers) peer.cut();
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
