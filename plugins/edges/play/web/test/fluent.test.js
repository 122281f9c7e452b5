import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { format, read } from '../src/fluent.js';
import { LOCALES } from '../src/words.js';

const english = new Intl.PluralRules('en');

test('places and choices are filled in', () => {
  const messages = read('hello = Hello, { $name }!\nleft = { $count ->\n    [one] One left\n   *[other] { $count } left\n } now\n# a remark\n');
  assert.equal(format(messages.get('hello') ?? '', { name: 'Ada' }, english), 'Hello, Ada!');
  assert.equal(format(messages.get('left') ?? '', { count: 1 }, english), 'One left now');
  assert.equal(format(messages.get('left') ?? '', { count: 3 }, english), '3 left now');
});

test('every language has every message, and names the same values', () => {
  const [first, ...others] = LOCALES.map((locale) => read(readFileSync(new URL(`../locales/${locale}.ftl`, import.meta.url), 'utf8')));
  const placesOf = (/** @type {string} */ words) => [...new Set([...words.matchAll(/\$([a-z_]+)/g)].map(([, name]) => name))].sort();
  for (const other of others) {
    assert.deepEqual([...other.keys()].sort(), [...first.keys()].sort());
    for (const [id, words] of first) assert.deepEqual(placesOf(other.get(id) ?? ''), placesOf(words), id);
  }
});
