// Makes what is made from the schema: `src/protocol.json`, a copy of it, `src/protocol.js`, the same as a module, and `types/messages.d.ts`;
// and from what the gateway's document of all routes says of their bodies `types/http.d.ts`.
// With `--check` nothing is written, and it ends with 1 where either is stale.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { snakeCase } from '../src/snake_case.js';
import { httpDeclarations } from './http_types.js';

/** @typedef {import('../src/schema.js').Protocol} Protocol */
/** @typedef {import('../src/schema.js').Type} Type */
/** @typedef {import('../src/schema.js').Field} Field */
/** @typedef {import('../src/schema.js').Variant} Variant */

const NOTE = '// Made by `npm run types` from src/protocol.json: do not edit.';
const HTTP_NOTE = '// Made by `npm run types` from the http_types.json of the gateway: do not edit.\n';
/**
 * @param {Type} type
 * @param {Protocol} protocol
 * @returns {string}
 */
function typescript(type, protocol) {
  if (typeof type === 'string') {
    /** @type {Record<string, string>} */
    const plain = { bool: 'boolean', string: 'string', bytes: 'Uint8Array', u64: 'number | bigint', i64: 'number | bigint' };
    return plain[type] ?? 'number';
  }
  if ('list' in type) return `Array<${typescript(type.list, protocol)}>`;
  if ('option' in type) return `${typescript(type.option, protocol)} | null`;
  if ('tuple' in type) return `[${type.tuple.map((part) => typescript(part, protocol)).join(', ')}]`;
  if ('array' in type) {
    const element = typescript(type.array, protocol);
    if (type.array === 'u8' && type.length >= 16) return 'Uint8Array';
    return type.length <= 4 ? `[${new Array(type.length).fill(element).join(', ')}]` : `Array<${element}>`;
  }
  return type.name;
}

/**
 * @param {Field[]} fields
 * @param {Protocol} protocol
 * @param {string} indent
 */
function record(fields, protocol, indent) {
  if (!fields.length) return '{}';
  // An option may be left out where it is nothing.
  const line = (/** @type {Field} */ { name, type }) =>
    `${indent}  ${name}${typeof type === 'object' && 'option' in type ? '?' : ''}: ${typescript(type, protocol)};\n`;
  return `{\n${fields.map(line).join('')}${indent}}`;
}

/**
 * @param {Variant} variant
 * @param {Protocol} protocol
 */
function payload({ fields, value }, protocol) {
  return value === undefined ? record(fields ?? [], protocol, '  ') : typescript(value, protocol);
}

/**
 * The messages of an enum as an interface from types to payloads.
 * @param {string} title
 * @param {string} name
 * @param {Protocol} protocol
 * @param {string[]} more messages that only a WebSocket has
 */
function messages(title, name, protocol, more) {
  const definition = protocol.types[name];
  const variants = 'enum' in definition ? definition.enum : [];
  const lines = variants
    .filter((variant) => snakeCase(variant.name) !== 'error')
    .map((variant) => `  ${snakeCase(variant.name)}: ${payload(variant, protocol)};\n`);
  for (const kind of more) {
    const only = protocol.envelope[kind];
    const fields = typeof only === 'object' && 'struct' in only ? only.struct : [];
    lines.push(`  ${kind}: ${record(fields, protocol, '  ')};\n`);
  }
  return `export interface ${title} {\n${lines.join('')}}\n`;
}

/**
 * @param {string} name
 * @param {Protocol} protocol
 */
function declaration(name, protocol) {
  if (name === 'ItemId') return '/** The name of an item for ever: `"ab-7"`. */\nexport type ItemId = string;\n';
  const definition = protocol.types[name];
  if ('newtype' in definition) return `export type ${name} = ${typescript(definition.newtype, protocol)};\n`;
  if ('struct' in definition) return `export interface ${name} ${record(definition.struct, protocol, '')}\n`;
  const one = (/** @type {Variant} */ variant) =>
    variant.value === undefined && !variant.fields?.length
      ? `'${snakeCase(variant.name)}'`
      : `{ ${snakeCase(variant.name)}: ${payload(variant, protocol)} }`;
  return `export type ${name} =\n${definition.enum.map((variant) => `  | ${one(variant)}`).join('\n')};\n`;
}

/** @param {Protocol} protocol */
export function declarations(protocol) {
  const messageEnums = [protocol.client_messages, protocol.server_messages];
  const names = Object.keys(protocol.types).filter((name) => !messageEnums.includes(name)).sort();
  const errors = protocol.errors.map(({ code }) => `'${code}'`);
  return [
    NOTE,
    '/** What goes wrong in a session; before the welcome there are codes of HTTP, too. */\n' +
      `export type ErrorCodeName =\n${errors.map((code) => `  | ${code}`).join('\n')};\n`,
    '/** Types of what a client says, and their payloads. */\n' + messages('ClientPayloads', protocol.client_messages, protocol, ['renew']),
    '/** Types of what a server says, and their payloads. */\n' +
      messages('ServerPayloads', protocol.server_messages, protocol, ['renewed', 'error']),
    '/** Requests, and the types of their answers. */\n' +
      `export interface Answers {\n${Object.entries(protocol.requests).map(([asked, answer]) => `  ${asked}: '${answer}';\n`).join('')}}\n`,
    '/** Types of the bodies within messages. */\n' +
      `export interface Bodies {\n${Object.entries(protocol.bodies).map(([kind, name]) => `  ${kind}: ${name};\n`).join('')}}\n`,
    ...names.map((name) => declaration(name, protocol)),
  ].join('\n');
}

/** @param {string} json the text of the schema */
export function moduleOf(json) {
  return `${NOTE}\n\nexport const protocol = ${json.trim()};\n`;
}

/** @param {URL} url */
function textAt(url) {
  return existsSync(url) ? readFileSync(url, 'utf8') : '';
}

/** What is stale, by its path; with the text that it should have. */
export function stale() {
  const here = (/** @type {string} */ path) => new URL(`../${path}`, import.meta.url);
  // In the repository the schema is made beside the messages; a package that is installed has its own copy alone.
  const json = textAt(here('../../wire/protocol_schema/protocol.json')) || textAt(here('src/protocol.json'));
  const http = httpDeclarations(JSON.parse(textAt(here('../../edges/gateway/http_types.json'))), HTTP_NOTE);
  const made = {
    'src/protocol.json': json,
    'src/protocol.js': moduleOf(json),
    'types/messages.d.ts': declarations(JSON.parse(json)),
    'types/http.d.ts': http,
  };
  return Object.entries(made)
    .map(([path, text]) => ({ url: here(path), path, text }))
    .filter(({ url, text }) => textAt(url) !== text);
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const found = stale();
  if (process.argv.includes('--check')) {
    for (const { path } of found) console.error(`${path} is stale: npm run types`);
    process.exitCode = found.length ? 1 : 0;
  } else {
    for (const { url, path, text } of found) {
      writeFileSync(url, text);
      console.log(`made ${path}`);
    }
  }
}
