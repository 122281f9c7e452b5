// Reads the part of Fluent that the page's own words use: messages, `{ $name }`, and a choice by number or word.

/** @typedef {Map<string, string>} Messages */

const MESSAGE = /^([a-z][a-z0-9-]*)\s*=\s*(.*)$/;
const CHOICE = /\{\s*\$([a-z_]+)\s*->((?:\s*\*?\[[^\]]+\][^[\]{}]*(?:\{\s*\$[a-z_]+\s*\}[^[\]{}]*)*)+)\}/g;
const VARIANT = /(\*?)\[([^\]]+)\]\s*([^[*]*)/g;
const PLACE = /\{\s*\$([a-z_]+)\s*\}/g;

/**
 * The messages of a file. Lines that are indented go on with the message before.
 * @param {string} source
 * @returns {Messages}
 */
export function read(source) {
  /** @type {Messages} */
  const messages = new Map();
  let last = '';
  for (const line of source.split(/\r?\n/)) {
    const [, id, words] = MESSAGE.exec(line) ?? [];
    if (id !== undefined) messages.set((last = id), words);
    else if (last && /^\s+\S/.test(line)) messages.set(last, `${messages.get(last)}\n${line.trim()}`.trim());
    else if (!/^\s*(#|$)/.test(line)) last = '';
  }
  return messages;
}

/**
 * @param {string} pattern
 * @param {Record<string, string | number>} values
 * @param {Intl.PluralRules} plural
 */
export function format(pattern, values, plural) {
  const chosen = pattern.replace(CHOICE, (_, name, variants) => {
    const value = values[name];
    let other = '';
    for (const [, star, key, words] of variants.matchAll(VARIANT)) {
      const is = key.trim();
      if (is === String(value) || (typeof value === 'number' && is === plural.select(value))) return words.trim();
      if (star) other = words.trim();
    }
    return other;
  });
  return chosen.replace(PLACE, (_, name) => String(values[name] ?? `{$${name}}`));
}
