// Chat without a page: lines once each and in order, what is unread, whom one ignores.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chat } from '../src/state/chat.js';

/** @param {number} id @param {Partial<import('../src/state/chat.js').ChatLine>} [fields] */
const line = (id, fields = {}) => ({ id, channel: /** @type {const} */ ('zone'), from: 'Bob', to: '', words: 'hi', is_emote: false, at_ms: 0, text: '', ...fields });
/** @param {[string, any][]} happenings */
const after = (...happenings) => happenings.reduce((state, [type, payload]) => /** @type {any} */ (chat.on)[type](state, payload), chat.initial);

test('a page of the history is put among what was heard, each line once', () => {
  const state = after(
    ['server/chat_line', line(9)],
    ['server/chat_page', { channel: 'zone', with: '', lines: [line(4), line(9), line(12)], before: 4 }],
  );
  assert.deepEqual(state.lines.zone.map(({ id }) => id), [4, 9, 12]);
  assert.equal(state.before.zone, 4);
});

test('what others say in a channel that is not shown is unread', () => {
  const opened = /** @type {[string, any]} */ (['ui/chat_open', { channel: 'room' }]);
  const me = /** @type {[string, any]} */ (['link/connected', { name: 'Ada' }]);
  const state = after(me, opened, ['server/chat_line', line(1)], ['server/chat_line', line(2, { from: 'Ada' })], ['server/chat_line', line(3, { channel: 'room' })]);
  assert.deepEqual([state.unread.zone, state.unread.room], [1, 0]);
  assert.equal(after(me, opened, ['server/chat_line', line(1)], ['ui/chat_open', { channel: 'zone' }]).unread.zone, 0);
});

test('after a cut the history is to be asked for again', () => {
  const page = /** @type {[string, any]} */ (['server/chat_page', { channel: 'zone', with: '', lines: [], before: 0 }]);
  assert.equal(after(page).before.zone, 0);
  assert.equal(after(page, ['link/connected', { name: 'Ada' }]).before.zone, undefined);
});

test('whom one ignores is known until they are heard again', () => {
  const notice = (/** @type {string} */ notice) => /** @type {[string, any]} */ (['server/chat_notice', { notice, name: 'Bob', text: '' }]);
  assert.deepEqual(after(notice('muted')).ignored, { Bob: 'muted' });
  assert.deepEqual(after(notice('muted'), notice('heard')).ignored, {});
});
