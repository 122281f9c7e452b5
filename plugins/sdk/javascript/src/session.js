// A session: it connects, stays connected, asks, and tells what happens. `client.js` adds what is said.

import { PAUSES, pauseMs } from './backoff.js';
import { Connection } from './connection.js';
import { json, messagePack } from './envelope.js';
import { HypogeumError } from './errors.js';
import { Emitter } from './events.js';
import { Renewal } from './renewal.js';
import { Requests } from './requests.js';
import { Schema } from './schema.js';

/** @typedef {import('../types/messages.js').ClientPayloads} ClientPayloads */
/** @typedef {import('../types/messages.js').ServerPayloads} ServerPayloads */
/** @typedef {import('../types/messages.js').Answers} Answers */
/** @typedef {import('../types/messages.js').WorldNews} WorldNews */
/** @typedef {import('../types/messages.js').GameNews} GameNews */
/** @typedef {ServerPayloads['welcome']} Welcome */

/**
 * What is told besides the messages of the server.
 * @typedef {object} OwnEvents
 * @property {Welcome} connected the server has welcomed this client, the first time or after a cut
 * @property {{ attempt: number, pauseMs: number, error: HypogeumError }} reconnecting the connection is lost, or could not be made again
 * @property {HypogeumError} closed it ended for good
 * @property {HypogeumError} error something was refused that nobody waits for: an act, a line of chat, the renewal of a token
 * @property {Uint8Array} state bytes of the datagram lane
 * @property {import('../types/messages.js').Block[]} ground with the lane: all that stands in the way in a place of the world, as far as it is known
 * @property {import('./envelope.js').Envelope} message any message, before the event of its own type
 */

/**
 * Events by their names: the types of the server's messages, and those of the client itself. `told` and `game_told` have their bodies
 * decoded beside them where they can be.
 * @typedef {Omit<ServerPayloads, 'error' | 'told' | 'game_told'> & OwnEvents & {
 *   told: ServerPayloads['told'] & { news?: WorldNews },
 *   game_told: ServerPayloads['game_told'] & { news?: GameNews },
 * }} ClientEvents
 */

/**
 * @typedef {object} ClientOptions
 * @property {string} [client] what this program is called, for logs; at most 64 bytes
 * @property {string} [locale] the language of all words: `de`, `pt-BR`
 * @property {number} [characterId] the character to play as
 * @property {boolean} [json] JSON in place of MessagePack
 * @property {boolean} [lane] state by the datagram lane, with prediction and interpolation, in place of whole snapshots
 * @property {number} [requestTimeoutMs] how long an answer may take; 10 s
 * @property {Partial<import('./backoff.js').Pauses>} [pauses] how it comes back after a cut
 * @property {import('./connection.js').SocketClass} [WebSocket] in place of the global one
 * @property {Schema} [schema] of another version of the protocol
 */

/** How long a welcome may take. */
const WELCOME_MS_MAX = 10_000;
/** A connection that has stood for so long was a good one: the count of tries begins again. */
const STEADY_MS = 5_000;
/** Closed with these, what this client said or is was wrong, and would be again; or somebody wanted the end. */
const FINAL_CLOSES = new Set([1000, 1002, 1003, 1007, 1008, 1009, 4409, 4426]);
/** Errors on the way in that pass by themselves. */
const PASSING_CODES = new Set(['unreachable', 'timeout', 'closed', 'unavailable', 'draining', 'try_later', 'busy', 'unready']);
/** Errors of a token that another one cures. */
const CURABLE_CODES = new Set(['token_expired', 'unauthorized']);

/** @param {HypogeumError} error */
function isFinal(error) {
  if (error.closeCode !== undefined) return FINAL_CLOSES.has(error.closeCode);
  return !error.isPassing && !PASSING_CODES.has(error.code) && !(error.status && error.status >= 500);
}

/**
 * See the head of this file. Listen before you connect: what follows the welcome is told at once.
 * @extends {Emitter<ClientEvents>}
 */
export class Session extends Emitter {
  /** @type {'idle' | 'connecting' | 'open' | 'waiting' | 'closed'} */
  state = 'idle';
  /** @type {Welcome | undefined} */
  welcome;

  /** @type {Connection | undefined} */
  #connection;
  /** The access token that the connection stands on. */
  #token = '';
  #welcomedAt = 0;
  /** Counts connects and ends: what an earlier one has set going is void. */
  #life = 0;
  #tries = 0;
  /** @type {(() => void) | undefined} */
  #wake;
  #requests = new Requests((request) => this.#say(request.type, request.payload, request.id));
  #renewal;
  /** @type {import('./backoff.js').Pauses} */
  #pauses;

  /**
   * @param {import('./api.js').Api} api with a login
   * @param {ClientOptions} [options]
   */
  constructor(api, options = {}) {
    super();
    this.api = api;
    this.options = options;
    this.schema = options.schema ?? new Schema();
    this.codec = options.json ? json : messagePack;
    this.#pauses = { ...PAUSES, ...options.pauses };
    const renew = async (/** @type {string} */ token) => {
      await this.request('renew', { access_token: token });
      this.#token = token;
    };
    this.#renewal = new Renewal(api.tokens, renew, (error) => this.emit('error', asError(error)));
  }

  /**
   * Connects once. From the welcome on a connection that breaks is made again.
   * @returns {Promise<Welcome>}
   * @throws {HypogeumError} why it is not let in
   */
  async connect() {
    if (this.state !== 'idle' && this.state !== 'closed') throw new HypogeumError('wrong_state', `it is ${this.state} already`);
    this.beginAgain();
    this.state = 'connecting';
    this.#tries = 0;
    this.#life += 1;
    const life = this.#life;
    try {
      return await this.#enter(life);
    } catch (error) {
      if (this.#life === life) this.state = 'idle';
      throw error;
    }
  }

  /** Ends it. A place in line is given up by that, a seat in a match is kept for a while. */
  close() {
    this.#finish(new HypogeumError('closed', 'this client closed the connection', { closeCode: 1_000 }));
  }

  /** Comes back at once where it waits between two tries: the network is there again, or somebody looks at the page again. */
  hurry() {
    this.#wake?.();
  }

  /**
   * Says something that has no answer. Returns whether it was said: only while there is a connection.
   * @template {keyof ClientPayloads} K
   * @param {K} type
   * @param {ClientPayloads[K]} payload
   */
  say(type, payload) {
    return this.#say(type, payload);
  }

  /**
   * Asks for something. What a cut leaves without an answer is asked again by its number.
   * @template {keyof Answers} K
   * @param {K} type
   * @param {K extends keyof ClientPayloads ? ClientPayloads[K] : never} payload
   * @param {{ timeoutMs?: number }} [options]
   * @returns {Promise<ServerPayloads[Answers[K]]>}
   * @throws {HypogeumError} as the server refuses it, `timeout`, `not_connected`, `closed`
   */
  async request(type, payload, { timeoutMs = this.options.requestTimeoutMs ?? 10_000 } = {}) {
    if (this.state === 'idle' || this.state === 'closed') throw new HypogeumError('not_connected', 'connect first', { about: type });
    return this.#requests.ask(type, payload, this.schema.protocol.requests[type], timeoutMs);
  }

  /**
   * Sends the bytes of a datagram of the lane. Returns whether they were sent; they are left out while much waits to be.
   * @param {Uint8Array} bytes
   */
  sendState(bytes) {
    return this.state === 'open' && (this.#connection?.sendState(bytes) ?? false);
  }

  /**
   * @param {string} type
   * @param {unknown} payload
   * @param {number} [id]
   */
  #say(type, payload, id) {
    if (this.state !== 'open' || !this.#connection) return false;
    this.#connection.say(type, payload, id);
    return true;
  }

  /**
   * Opens a connection and says hello. A token that the server refuses is replaced once.
   * @param {number} life
   * @param {string} [refused] a token that it has refused already
   */
  async #enter(life, refused) {
    for (let hasRefreshed = refused !== undefined; ; ) {
      const token = await this.api.tokens.token({ refused });
      try {
        return await this.#hello(life, token);
      } catch (error) {
        if (!(error instanceof HypogeumError) || hasRefreshed || !CURABLE_CODES.has(error.code)) throw error;
        hasRefreshed = true;
        refused = token;
      }
    }
  }

  /**
   * @param {number} life
   * @param {string} token
   * @returns {Promise<Welcome>}
   */
  async #hello(life, token) {
    const ended = () => new HypogeumError('closed', 'it was closed meanwhile');
    if (this.#life !== life) throw ended();
    const id = this.#requests.nextId();
    /** @type {Connection | undefined} */
    let connection;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        let isIn = false;
        /** @type {import('./connection.js').Hooks} */
        const hooks = {
          onMessage: (message) => {
            if (isIn) this.#heard(message);
            else if (this.#life !== life) reject(ended());
            else if (message.type === 'error') reject(HypogeumError.of(message.payload));
            else if (message.type === 'welcome' && message.id === id && connection) {
              isIn = true;
              this.#welcomed(connection, token, message);
              resolve(message.payload);
            }
          },
          onState: (bytes) => this.emit('state', bytes),
          onClose: (error) => (isIn ? this.#lost(connection, error) : reject(error)),
        };
        Connection.open(this.api.socketUrl, this.codec, this.schema, hooks, this.options.WebSocket).then((opened) => {
          connection = opened;
          if (this.#life !== life) return reject(ended());
          timer = setTimeout(() => reject(new HypogeumError('timeout', `no welcome in ${WELCOME_MS_MAX} ms`)), WELCOME_MS_MAX);
          opened.say('hello', this.#helloOf(token), id);
        }, reject);
      });
    } catch (error) {
      connection?.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} token */
  #helloOf(token) {
    const { client = 'hypogeum-client', locale = '', characterId } = this.options;
    return { protocol_version: this.schema.protocol.protocol_version, client, locale, access_token: token, character_id: characterId };
  }

  /**
   * @param {Connection} connection
   * @param {string} token
   * @param {import('./envelope.js').Envelope} message
   */
  #welcomed(connection, token, message) {
    this.#connection = connection;
    this.#token = token;
    this.#welcomedAt = Date.now();
    this.state = 'open';
    this.welcome = message.payload;
    this.noted('welcome', message.payload);
    this.#renewal.start();
    // Before anybody is told: what they ask then is asked once.
    this.#requests.askAgain();
    this.emit('message', message);
    this.emit('welcome', message.payload);
    this.emit('connected', message.payload);
  }

  /** @param {import('./envelope.js').Envelope} message */
  #heard(message) {
    const { type, id, payload } = message;
    this.noted(type, payload);
    this.#requests.take(message);
    this.emit('message', message);
    if (type !== 'error') this.emit(/** @type {keyof ClientEvents} */ (type), this.#withNews(type, payload));
    else if (id === undefined) this.emit('error', HypogeumError.of(payload));
  }

  /**
   * Looks at each message before anybody is told of it.
   * @protected
   * @param {string} _type
   * @param {any} _payload
   */
  noted(_type, _payload) {}

  /**
   * @param {string} type
   * @param {any} payload
   */
  #withNews(type, payload) {
    if (type !== 'told' && type !== 'game_told') return payload;
    try {
      return { ...payload, news: this.schema.decode(this.schema.protocol.bodies[type], payload.body) };
    } catch {
      // Another game's own.
      return payload;
    }
  }

  /**
   * @param {Connection | undefined} connection
   * @param {HypogeumError} error
   */
  #lost(connection, error) {
    if (connection !== this.#connection || this.state !== 'open') return;
    this.#connection = undefined;
    this.#renewal.stop();
    if (isFinal(error)) return this.#finish(error);
    if (Date.now() - this.#welcomedAt >= STEADY_MS) this.#tries = 0;
    void this.#comeBack(error, error.closeCode === 4401 ? this.#token : undefined);
  }

  /**
   * @param {HypogeumError} error why it is not connected
   * @param {string} [refused]
   */
  async #comeBack(error, refused) {
    this.state = 'waiting';
    const life = this.#life;
    while (this.#tries < this.#pauses.triesMax) {
      const wait = Math.max(pauseMs(this.#tries, this.#pauses), error.retryAfterMs ?? 0);
      this.#tries += 1;
      this.emit('reconnecting', { attempt: this.#tries, pauseMs: wait, error });
      await this.#sleep(wait);
      if (this.#life !== life) return;
      try {
        await this.#enter(life, refused);
        return;
      } catch (failed) {
        error = asError(failed);
        if (this.#life !== life) return;
        if (isFinal(error)) break;
      }
    }
    this.#finish(error);
  }

  /** @param {number} ms */
  async #sleep(ms) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    await new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#wake = () => resolve(undefined);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }

  /** @param {HypogeumError} error */
  #finish(error) {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.#life += 1;
    this.#renewal.stop();
    this.#connection?.end();
    this.#connection = undefined;
    this.#wake?.();
    this.#requests.fail(error);
    this.endAll(error, () => this.emit('closed', error));
  }
}

/** @param {unknown} error */
function asError(error) {
  return error instanceof HypogeumError ? error : new HypogeumError('unreadable', String(error), { cause: error });
}
