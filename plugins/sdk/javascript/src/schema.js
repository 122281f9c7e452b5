// The server's own codec (section 4 of PROTOCOL.md), driven by the schema in `protocol.js`: bodies of `command`, `told` and
// `game_told`, and chunks.
//
// Values look as they do in the messages of a WebSocket: an enum is its name, or an object with that one name where it has fields;
// an option that is nothing is null; bytes are a Uint8Array; an ItemId is its text; numbers beyond 2^53 - 1 are a BigInt.

import { fromBase64 } from './base64.js';
import { CodecError, Reader, Writer, asNumber, readBool, readPlain, writePlain } from './plain_codec.js';
import { protocol as shipped } from './protocol.js';
import { snakeCase } from './snake_case.js';

/** @typedef {string | { list: Type } | { option: Type } | { tuple: Type[] } | { array: Type, length: number } | { name: string }} Type */
/** @typedef {{ name: string, type: Type }} Field */
/** @typedef {{ name: string, tag: number, fields?: Field[], value?: Type }} Variant */
/** @typedef {{ struct: Field[] } | { enum: Variant[] } | { newtype: Type, readable?: string }} Definition */
/**
 * @typedef {object} Protocol
 * @property {number} protocol_version
 * @property {number} protocol_version_min
 * @property {number} envelope_version
 * @property {Record<string, number>} limits
 * @property {{ code: string, message: string }[]} errors
 * @property {{ code: number, means: string }[]} close_codes
 * @property {Record<string, string>} requests
 * @property {string} client_messages
 * @property {string} server_messages
 * @property {Record<string, string>} bodies
 * @property {Record<string, { struct: Field[] } | Type>} envelope
 * @property {Record<string, Definition>} types
 */

export { CodecError };

/** The one type that has a text of its own: the name of an item. */
const ITEM_ID = 'ItemId';
/** A list of so many bytes or more of a fixed number is a hash: bytes, and no list. */
const HASH_BYTES_MIN = 16;
/** Most types within one another: a schema that leads in a circle ends here. */
const DEPTH_MAX = 64;

/**
 * Whether a type is bytes: it says so, or it is an array of bytes that is a hash.
 * @param {Type} type
 */
function isBytes(type) {
  return type === 'bytes' || (typeof type === 'object' && 'array' in type && type.array === 'u8' && type.length >= HASH_BYTES_MIN);
}

/** The types of one version of the protocol: by default those this client was made with. */
export class Schema {
  /** @param {Protocol} [protocol] */
  constructor(protocol = /** @type {Protocol} */ (shipped)) {
    this.protocol = protocol;
  }

  /**
   * The value of a named type that these bytes are, all of them.
   * @param {string} name
   * @param {Uint8Array} bytes
   * @returns {any}
   * @throws {CodecError}
   */
  decode(name, bytes) {
    const reader = new Reader(bytes);
    const value = this.#read({ name }, reader, 0);
    if (reader.left > 0) throw new CodecError(`${reader.left} bytes follow the ${name}`);
    return value;
  }

  /**
   * A value of a named type as bytes.
   * @param {string} name
   * @param {any} value
   * @returns {Uint8Array}
   * @throws {CodecError} where the type has no such value
   */
  encode(name, value) {
    const writer = new Writer();
    this.#write({ name }, value, writer, name, 0);
    return Uint8Array.from(writer.bytes);
  }

  /**
   * The payload of a message as it came in JSON, with its bytes as bytes and its large numbers as numbers.
   * @param {string} enumName `ServerMessage`, say
   * @param {string} kind the type of the message
   * @param {any} payload
   * @returns {any}
   */
  revive(enumName, kind, payload) {
    const variant = this.#variants(enumName).find(({ name }) => snakeCase(name) === kind);
    if (!variant) return payload;
    if (variant.value !== undefined) return this.#revived(variant.value, payload, 0);
    return this.#revivedFields(variant.fields ?? [], payload, 0);
  }

  /** @param {string} name */
  #definition(name) {
    const definition = Object.hasOwn(this.protocol.types, name) ? this.protocol.types[name] : undefined;
    if (!definition) throw new CodecError(`there is no type ${name}`);
    return definition;
  }

  /** @param {string} name */
  #variants(name) {
    const definition = this.#definition(name);
    return 'enum' in definition ? definition.enum : [];
  }

  /**
   * @param {Type} type
   * @param {Reader} reader
   * @param {number} depth
   * @returns {any}
   */
  #read(type, reader, depth) {
    if (depth > DEPTH_MAX) throw new CodecError('too many types lie within one another');
    if (typeof type === 'string') return readPlain(type, reader);
    if ('list' in type) {
      const list = [];
      for (let left = reader.length(); left > 0; left -= 1) list.push(this.#read(type.list, reader, depth + 1));
      return list;
    }
    if ('option' in type) return readBool(reader) ? this.#read(type.option, reader, depth + 1) : null;
    if ('tuple' in type) return type.tuple.map((part) => this.#read(part, reader, depth + 1));
    if ('array' in type) {
      if (isBytes(type)) return reader.raw(type.length);
      return Array.from({ length: type.length }, () => this.#read(type.array, reader, depth + 1));
    }
    return this.#readNamed(type.name, reader, depth);
  }

  /**
   * @param {string} name
   * @param {Reader} reader
   * @param {number} depth
   */
  #readNamed(name, reader, depth) {
    const definition = this.#definition(name);
    if ('newtype' in definition) {
      const value = this.#read(definition.newtype, reader, depth + 1);
      return name === ITEM_ID ? `${BigInt(value[0]).toString(16)}-${value[1]}` : value;
    }
    if ('struct' in definition) return this.#readFields(definition.struct, reader, depth);
    const tag = Number(reader.unsigned(32));
    const variant = definition.enum.find((one) => one.tag === tag);
    if (!variant) throw new CodecError(`no ${name} has the tag ${tag}`);
    const kind = snakeCase(variant.name);
    if (variant.value !== undefined) return { [kind]: this.#read(variant.value, reader, depth + 1) };
    return variant.fields?.length ? { [kind]: this.#readFields(variant.fields, reader, depth) } : kind;
  }

  /**
   * @param {Field[]} fields
   * @param {Reader} reader
   * @param {number} depth
   */
  #readFields(fields, reader, depth) {
    return Object.fromEntries(fields.map(({ name, type }) => [name, this.#read(type, reader, depth + 1)]));
  }

  /**
   * @param {Type} type
   * @param {any} value
   * @param {Writer} writer
   * @param {string} where
   * @param {number} depth
   */
  #write(type, value, writer, where, depth) {
    if (depth > DEPTH_MAX) throw new CodecError('too many types lie within one another');
    if (typeof type === 'string') writePlain(type, value, writer, where);
    else if ('list' in type) {
      if (!Array.isArray(value)) throw new CodecError(`${where} is no list`);
      writer.unsigned(BigInt(value.length), 64);
      value.forEach((element, index) => this.#write(type.list, element, writer, `${where}[${index}]`, depth + 1));
    } else if ('option' in type) {
      const isThere = value !== null && value !== undefined;
      writer.bytes.push(Number(isThere));
      if (isThere) this.#write(type.option, value, writer, where, depth + 1);
    } else if ('tuple' in type || 'array' in type) {
      const parts = 'tuple' in type ? type.tuple : new Array(type.length).fill(type.array);
      if (value?.length !== parts.length) throw new CodecError(`${where} does not have ${parts.length} parts`);
      parts.forEach((part, index) => this.#write(part, value[index], writer, `${where}[${index}]`, depth + 1));
    } else this.#writeNamed(type.name, value, writer, where, depth);
  }

  /**
   * @param {string} name
   * @param {any} value
   * @param {Writer} writer
   * @param {string} where
   * @param {number} depth
   */
  #writeNamed(name, value, writer, where, depth) {
    const definition = this.#definition(name);
    if ('newtype' in definition) {
      const inside = name === ITEM_ID ? itemParts(value, where) : value;
      this.#write(definition.newtype, inside, writer, where, depth + 1);
    } else if ('struct' in definition) {
      this.#writeFields(definition.struct, value, writer, where, depth);
    } else {
      const kind = typeof value === 'string' ? value : onlyKey(value, where);
      const variant = definition.enum.find((one) => snakeCase(one.name) === kind);
      if (!variant) throw new CodecError(`${where}: no ${name} is called ${kind}`);
      writer.unsigned(BigInt(variant.tag), 32);
      const inside = typeof value === 'string' ? {} : value[kind];
      if (variant.value !== undefined) this.#write(variant.value, inside, writer, `${where}.${kind}`, depth + 1);
      else this.#writeFields(variant.fields ?? [], inside, writer, `${where}.${kind}`, depth);
    }
  }

  /**
   * @param {Field[]} fields
   * @param {any} value
   * @param {Writer} writer
   * @param {string} where
   * @param {number} depth
   */
  #writeFields(fields, value, writer, where, depth) {
    if (fields.length && (typeof value !== 'object' || value === null)) throw new CodecError(`${where} has no fields`);
    for (const { name, type } of fields) this.#write(type, value[name], writer, `${where}.${name}`, depth + 1);
  }

  /**
   * @param {Type} type
   * @param {any} value
   * @param {number} depth
   * @returns {any}
   */
  #revived(type, value, depth) {
    if (value === null || value === undefined || depth > DEPTH_MAX) return value;
    if (isBytes(type)) return typeof value === 'string' ? fromBase64(value) : value;
    if (type === 'u64' || type === 'i64') return typeof value === 'string' ? asNumber(BigInt(value)) : value;
    if (typeof type === 'string') return value;
    if ('option' in type) return this.#revived(type.option, value, depth + 1);
    if ('tuple' in type) return type.tuple.map((part, index) => this.#revived(part, value[index], depth + 1));
    if ('list' in type || 'array' in type) {
      const element = 'list' in type ? type.list : type.array;
      return Array.isArray(value) ? value.map((one) => this.#revived(element, one, depth + 1)) : value;
    }
    const definition = this.#definition(type.name);
    if ('newtype' in definition) return type.name === ITEM_ID ? value : this.#revived(definition.newtype, value, depth + 1);
    if ('struct' in definition) return this.#revivedFields(definition.struct, value, depth);
    if (typeof value !== 'object') return value;
    const kind = onlyKey(value, type.name);
    return { [kind]: this.revive(type.name, kind, value[kind]) };
  }

  /**
   * @param {Field[]} fields
   * @param {any} value
   * @param {number} depth
   */
  #revivedFields(fields, value, depth) {
    if (typeof value !== 'object' || value === null) return value;
    const revived = { ...value };
    for (const { name, type } of fields) revived[name] = this.#revived(type, value[name], depth + 1);
    return revived;
  }
}

/**
 * @param {any} value
 * @param {string} where
 */
function onlyKey(value, where) {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length !== 1) throw new CodecError(`${where} is neither a name nor an object with one name`);
  return keys[0];
}

/**
 * @param {any} text
 * @param {string} where
 */
function itemParts(text, where) {
  const parts = typeof text === 'string' ? /^([0-9a-f]{1,16})-([0-9]{1,10})$/.exec(text) : null;
  if (!parts) throw new CodecError(`${where} is no item's name`);
  return [BigInt(`0x${parts[1]}`), Number(parts[2])];
}
