/** What happens, as datagrams tell it: `PROTOCOL.md`, section 6, *GameEvent*. */

/** @typedef {import('./bytes.js').Reader} Reader */

/**
 * @param {Reader} reader
 * @returns {number}
 */
const u8 = (reader) => reader.u8();
/**
 * @param {Reader} reader
 * @returns {number}
 */
const u16 = (reader) => reader.varint16();
/**
 * @param {Reader} reader
 * @returns {number}
 */
const u32 = (reader) => reader.varint();
/**
 * @param {Reader} reader
 * @returns {boolean}
 */
const bool = (reader) => reader.bool();

/** Names of error codes by their tags. The second has fields, `min` and `max`. */
export const ERROR_CODES = [
  'malformed',
  'version_mismatch',
  'hello_first',
  'out_of_range',
  'stale',
  'future_seq',
  'wrong_state',
  'unknown_mode',
  'unknown_item',
  'no_such_entity',
  'out_of_reach',
  'full',
  'too_soon',
  'taken_over',
  'draining',
  'unavailable',
  'try_later',
  'words_refused',
  'silenced',
  'conflict',
];

/**
 * @param {Reader} reader
 * @returns {string | { version_mismatch: { min: number, max: number } }}
 */
function errorCode(reader) {
  const name = ERROR_CODES[reader.tag(ERROR_CODES.length)];
  if (name !== 'version_mismatch') return name;
  return { version_mismatch: { min: reader.varint16(), max: reader.varint16() } };
}

/**
 * Names of events by their tags, and their fields in the order of their bytes.
 *
 * @type {readonly [string, readonly [string, (reader: Reader) => unknown][]][]}
 */
const EVENTS = [
  ['damaged', [['source', u32], ['target', u32], ['amount', u32], ['critical', bool]]],
  ['dodged', [['source', u32], ['target', u32]]],
  ['died', [['who', u32], ['by', u32]]],
  ['effect_began', [['who', u32], ['effect', u16]]],
  ['effect_ended', [['who', u32], ['effect', u16]]],
  ['extraction_began', [['who', u32], ['ticks', u32]]],
  ['extraction_broken', [['who', u32]]],
  ['extracted', [['who', u32]]],
  ['exit_changed', [['exit', u8], ['open', bool]]],
  ['refused', [['seq', u32], ['code', errorCode]]],
  ['healed', [['source', u32], ['target', u32], ['amount', u32]]],
  ['dispelled', [['source', u32], ['target', u32], ['effect', u16]]],
  ['changed', [['item', u32], ['version', u32], ['count', u32]]],
];

/**
 * Reads one event.
 *
 * @param {Reader} reader
 * @returns {import('./types.js').GameEvent}
 */
export function readEvent(reader) {
  const [name, shape] = EVENTS[reader.tag(EVENTS.length)];
  /** @type {Record<string, unknown>} */
  const fields = {};
  for (const [field, read] of shape) fields[field] = read(reader);
  return { [name]: fields };
}
