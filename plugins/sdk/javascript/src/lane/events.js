/** What happens, as datagrams tell it: `PROTOCOL.md`, section 6, *GameEvent*, by the schema of the protocol. */

import { protocol } from '../protocol.js';

/**
 * @typedef {import('./bytes.js').Reader} Reader
 * @typedef {(reader: Reader) => unknown} Read
 * @typedef {{ name: string, fields?: { name: string, type: unknown }[] }} Variant
 */

/** @type {Record<string, Read>} */
const NUMBERS = {
  u8: (reader) => reader.u8(),
  u16: (reader) => reader.varint16(),
  u32: (reader) => reader.varint(),
  bool: (reader) => reader.bool(),
};

/**
 * Fields in the order of their bytes.
 *
 * @param {{ name: string, type: unknown }[]} fields
 * @returns {(reader: Reader) => Record<string, unknown>}
 */
function fieldsOf(fields) {
  const shape = fields.map(({ name, type }) => /** @type {const} */ ([name, readOf(type)]));
  return (reader) => {
    /** @type {Record<string, unknown>} */
    const read = {};
    for (const [name, value] of shape) read[name] = value(reader);
    return read;
  };
}

/**
 * A variant without fields is its name, one with fields a map of one, by that name.
 *
 * @param {Variant[]} variants
 * @returns {Read}
 */
function enumOf(variants) {
  const shapes = variants.map(({ name, fields }) => ({ name, read: fields && fieldsOf(fields) }));
  return (reader) => {
    const { name, read } = shapes[reader.tag(shapes.length)];
    return read ? { [name]: read(reader) } : name;
  };
}

/**
 * @param {unknown} type As the schema writes it.
 * @returns {Read}
 */
function readOf(type) {
  if (typeof type === 'string') return NUMBERS[type];
  const { name } = /** @type {{ name: string }} */ (type);
  const types = /** @type {Record<string, { newtype?: unknown, enum?: Variant[] }>} */ (protocol.types);
  const described = types[name];
  return described.enum ? enumOf(described.enum) : readOf(described.newtype);
}

/**
 * Reads one event.
 *
 * @type {(reader: Reader) => import('./types.js').GameEvent}
 */
export const readEvent = /** @type {any} */ (readOf({ name: 'GameEvent' }));
