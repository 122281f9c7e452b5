import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Reader } from '../src/lane/bytes.js';
import { readBody, readHead, readPage } from '../src/lane/down.js';
import { protocol } from '../src/protocol.js';
import { LaneView } from '../src/lane/index.js';
import { writeUp } from '../src/lane/up.js';

const DOCUMENT = readFileSync(new URL('../../../wire/protocol/PROTOCOL.md', import.meta.url), 'utf8');

/**
 * The bytes of a worked example.
 *
 * @param {string} name
 */
function example(name) {
  const found = DOCUMENT.match(new RegExp(`\`\`\`hex ${name}\\n([^\`]*)\`\`\``));
  assert.ok(found, `there is an example ${name}`);
  return Uint8Array.from(Buffer.from(found[1].replace(/\s+/g, ''), 'hex'));
}

test('a datagram of a client is written as the document shows', () => {
  const before = { seq: 250, walk: 16_384, pace: 100, aim: 0, ability: 0 };
  const newest = { seq: 251, walk: 16_384, pace: 100, aim: 32_768, ability: 1 };
  const up = writeUp(300, { newest: 2, before: 0b101 }, false, [before, newest]);
  assert.deepEqual(up, example('lane-up'));
});

test('a datagram of a server is read as the document says', () => {
  const { head, reader } = readHead(example('lane-down'));
  const { areas, pages, events } = readBody(reader, head);
  const { seq, tick, intervalTicks, isKeyframe, interest, inputSeq, alive, extracted, own } = head;
  assert.deepEqual([seq, tick, intervalTicks, isKeyframe, inputSeq, alive, extracted], [2, 1_000, 2, false, 251, 23, 1]);
  assert.deepEqual(interest, { lowRow: 0, lowColumn: 1, highRow: 1, highColumn: 3 });
  assert.deepEqual([own?.x, own?.y, own?.heading, own?.speed], [19_200, -3, 16_384, 51]);
  const storm = { kind: 'storm', template: 0, heading: 0, hp_band: 0, extent: 700 };
  assert.deepEqual(areas, [{ id: 9, x: 19_200, y: 19_200, ...storm }]);
  assert.deepEqual([pages.length, pages[0].row, pages[0].column, pages[0].page], [1, 0, 2, 0]);
  assert.deepEqual([pages[0].toldSlots, pages[0].cameSlots, pages[0].ids], [[0, 2], [2], [300]]);
  assert.deepEqual(events, [{ damaged: { source: 4, target: 3, amount: 12, critical: true } }]);
});

test('a page that is not wholly told is read as the document says', () => {
  const reader = new Reader(example('lane-page'));
  const page = readPage(reader);
  reader.end();
  assert.deepEqual([page.row, page.column, page.page], [1, 3, 1]);
  assert.deepEqual([page.present, page.toldSlots, page.cameSlots], [{ low: 7, high: 0 }, [1], []]);
});

test('the example is shown to one who knows the NPC, and is a divergence to one who does not', () => {
  const lane = new LaneView();
  lane.welcome();
  lane.beginMatch({ match_id: 1, tick_hz: 30, avatar: 3, radius: 100, side: 98_304, obstacles: [] });
  assert.equal(lane.feed(example('lane-down'), 0).taken, 'newest');
  assert.equal(lane.divergences, 1, 'nobody introduced who is in slot 0');
  assert.deepEqual(lane.entities().map(({ kind }) => kind), ['storm'], 'areas count all the same');
});

test('codes of errors are those of the document, in its order', () => {
  const names = protocol.types.ErrorCode.enum.map(({ name }) => name.replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase()));
  let at = 0;
  for (const [tag, name] of names.entries()) {
    const row = DOCUMENT.indexOf(`| ${tag} | \`${name}`, at);
    assert.ok(row >= 0, `${tag} is ${name}`);
    at = row;
  }
});
