// One WebSocket: opened, spoken over in one codec, watched for silence, closed. What follows on what is `client.js`'s to know.

import { HypogeumError } from './errors.js';

/** How long opening one may take. */
const OPEN_MS_MAX = 10_000;
/** So long nothing may come before the server is asked whether it is there; browsers do not show its pings. */
const SILENCE_MS_MAX = 8_000;
/** So long its answer may take. */
const ANSWER_MS_MAX = 5_000;
/** State is left out while so much waits for the network: it would be old when it arrives. */
const STATE_WAITING_BYTES_MAX = 65_536;
/** A connection that fell silent. Codes up to 4,999 are the application's. */
const SILENT = 4_000;

/**
 * What this client needs of a WebSocket.
 * @typedef {object} SocketLike
 * @property {string} binaryType
 * @property {number} bufferedAmount
 * @property {number} readyState
 * @property {((event: any) => void) | null} onopen
 * @property {((event: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 * @property {((event: any) => void) | null} onerror
 * @property {(() => void) | null} [onping]
 * @property {(message: any) => void} send
 * @property {(code?: number, reason?: string) => void} close
 */

/** @typedef {new (url: string, protocols?: string | string[]) => SocketLike} SocketClass */

/** The global one; where there is none, as in Node 20, our own. */
async function socketClass() {
  if (typeof globalThis.WebSocket === 'function') return /** @type {SocketClass} */ (/** @type {unknown} */ (globalThis.WebSocket));
  return /** @type {SocketClass} */ ((await import('./node_socket.js')).NodeSocket);
}

/**
 * @typedef {object} Hooks
 * @property {(message: import('./envelope.js').Envelope) => void} onMessage
 * @property {(bytes: Uint8Array) => void} onState
 * @property {(error: HypogeumError) => void} onClose once, with the code as `closeCode`
 */

export class Connection {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;
  #heardAt = Date.now();
  #askedAt = 0;
  #isOver = false;
  /** @type {(() => void)[]} */
  #turns = [];
  #isBusy = false;

  /**
   * @param {SocketLike} socket
   * @param {import('./envelope.js').Codec} codec
   * @param {import('./schema.js').Schema} schema
   * @param {Hooks} hooks
   */
  constructor(socket, codec, schema, hooks) {
    this.socket = socket;
    this.codec = codec;
    this.schema = schema;
    this.hooks = hooks;
    socket.onmessage = ({ data }) => {
      this.#heard();
      this.#inTurn(() => this.#take(data));
    };
    socket.onping = () => this.#heard();
    socket.onclose = ({ code, reason }) => this.#inTurn(() => this.#over(code, reason));
    this.#watch = setInterval(() => this.#look(), 1_000);
  }

  /**
   * Opens one.
   * @param {string} url
   * @param {import('./envelope.js').Codec} codec
   * @param {import('./schema.js').Schema} schema
   * @param {Hooks} hooks
   * @param {SocketClass} [Socket]
   * @returns {Promise<Connection>}
   */
  static async open(url, codec, schema, hooks, Socket) {
    const socket = new (Socket ?? (await socketClass()))(url, codec.subprotocol);
    socket.binaryType = 'arraybuffer';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.close(), OPEN_MS_MAX);
      socket.onopen = () => {
        clearTimeout(timer);
        socket.onerror = null;
        resolve(new Connection(socket, codec, schema, hooks));
      };
      // A browser does not say why; some that are no browsers do not even say that it is closed then.
      const failed = (/** @type {any} */ event) => {
        clearTimeout(timer);
        const cause = event.error;
        reject(cause instanceof HypogeumError ? cause : new HypogeumError('unreachable', `no WebSocket at ${url}`, { cause }));
      };
      socket.onerror = failed;
      socket.onclose = failed;
    });
  }

  /**
   * Says something.
   * @param {string} type
   * @param {unknown} payload
   * @param {number} [id]
   */
  say(type, payload, id) {
    this.socket.send(this.codec.write({ v: 1, type, id, payload }));
  }

  /**
   * Sends the bytes of a datagram. Returns whether it was sent: it is not while much waits to be.
   * @param {Uint8Array} bytes
   */
  sendState(bytes) {
    if (this.#isOver || this.socket.bufferedAmount > STATE_WAITING_BYTES_MAX) return false;
    this.socket.send(this.codec.writeState(bytes));
    return true;
  }

  /** Ends it, and hears nothing more of it. */
  end(code = 1_000) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.onerror = null;
    this.socket.close(code);
  }

  #heard() {
    this.#heardAt = Date.now();
  }

  /**
   * One thing a task, in order: who awaits one message can ask for the next one before that is told. Browsers do so themselves.
   * @param {() => void} work
   */
  #inTurn(work) {
    if (this.#isBusy) this.#turns.push(work);
    else this.#do(work);
  }

  /** @param {() => void} work */
  #do(work) {
    if (this.#isOver) return;
    if (typeof globalThis.setImmediate === 'function') {
      this.#isBusy = true;
      globalThis.setImmediate(() => {
        this.#isBusy = false;
        const next = this.#turns.shift();
        if (next) this.#do(next);
      });
    }
    work();
  }

  /** @param {unknown} data */
  #take(data) {
    let incoming;
    try {
      incoming = this.codec.read(data, this.schema);
    } catch (cause) {
      // It is no server of ours, or of another version.
      this.end(1_000);
      this.hooks.onClose(new HypogeumError('unreadable', `a message is not understood: ${cause}`, { cause, closeCode: 1_002 }));
      return;
    }
    if ('state' in incoming) this.hooks.onState(incoming.state);
    else this.hooks.onMessage(incoming);
  }

  /** Asks a server that is silent whether it is there, and lets go of it where it does not answer. */
  #look() {
    const now = Date.now();
    const isAsked = this.#askedAt > this.#heardAt;
    if (isAsked && now - this.#askedAt > ANSWER_MS_MAX) {
      this.end(SILENT);
      this.hooks.onClose(new HypogeumError('timeout', 'the server is silent', { closeCode: SILENT }));
    } else if (!isAsked && now - this.#heardAt > SILENCE_MS_MAX) {
      this.#askedAt = now;
      this.say('ping', { nonce: 0 });
    }
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #over(code, reason) {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.hooks.onClose(new HypogeumError('closed', reason || `the connection was closed with ${code}`, { closeCode: code }));
  }
}
