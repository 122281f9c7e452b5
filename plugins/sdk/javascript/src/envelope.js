// The envelope `{v, type, id?, payload?}` in both of its forms (section 9 of PROTOCOL.md).

import { fromBase64, toBase64 } from './base64.js';
import { HypogeumError } from './errors.js';
import { decode, encode } from './msgpack.js';

/** The first byte of state, which begins no envelope. */
const LANE_BYTE = 5;

/** @typedef {{ type: string, id?: number, payload: any }} Envelope */
/** @typedef {{ state: Uint8Array } | Envelope} Incoming */

/**
 * @typedef {object} Codec
 * @property {string} subprotocol
 * @property {(envelope: { v: number, type: string, id?: number, payload?: unknown }) => string | Uint8Array} write
 * @property {(data: unknown, schema: import('./schema.js').Schema) => Incoming} read
 * @property {(bytes: Uint8Array) => string | Uint8Array} writeState
 */

/**
 * @param {unknown} value
 * @returns {Envelope}
 */
function envelope(value) {
  if (typeof value !== 'object' || value === null) throw new HypogeumError('unreadable', 'a message is no map');
  const { v, type, id, payload } = /** @type {Record<string, unknown>} */ (value);
  if (v !== 1 || typeof type !== 'string') throw new HypogeumError('unreadable', `no envelope of version 1: ${v}, ${type}`);
  return { type, id: typeof id === 'number' ? id : undefined, payload: payload ?? {} };
}

/** @type {Codec} */
export const messagePack = {
  subprotocol: 'hypogeum.msgpack.v1',
  write: encode,
  writeState: (bytes) => bytes,
  read(data) {
    if (!(data instanceof ArrayBuffer)) throw new HypogeumError('unreadable', 'a message is text');
    const bytes = new Uint8Array(data);
    return bytes[0] === LANE_BYTE ? { state: bytes } : envelope(decode(bytes));
  },
};

/** @type {Codec} */
export const json = {
  subprotocol: 'hypogeum.json.v1',
  write: (message) => JSON.stringify(message, exact),
  writeState: (bytes) => JSON.stringify({ v: 1, type: 'state', payload: toBase64(bytes) }),
  read(data, schema) {
    if (typeof data !== 'string') throw new HypogeumError('unreadable', 'a message is binary');
    const message = envelope(JSON.parse(data));
    if (message.type === 'state' && typeof message.payload === 'string') return { state: fromBase64(message.payload) };
    return { ...message, payload: schema.revive(schema.protocol.server_messages, message.type, message.payload) };
  },
};

/**
 * What JSON has no form for.
 * @this {any}
 * @param {string} key
 * @param {unknown} value
 */
function exact(key, value) {
  // Node's own bytes say themselves how they want to look, before this is called.
  const bytes = this[key];
  if (bytes instanceof Uint8Array) return toBase64(bytes);
  return typeof value === 'bigint' ? value.toString() : value;
}
