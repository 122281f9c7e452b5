// What the page costs a browser over time: how soon it is painted, and whether its heap grows while one match follows another.
//
//   HYPOGEUM_URL=http://127.0.0.1:27580 node benches/play/browser.mjs [MINUTES]
//
// The server runs already, with guests and the mode `blitz`; `npm ci` has been run in `plugins/edges/play/web`, and Chromium is there.

import assert from 'node:assert/strict';

import { inMatch, toSettlement } from '../../plugins/edges/play/web/test/browser/playing.js';
import { startRig } from '../../plugins/edges/play/web/test/browser/rig.js';

const MEGABYTE = 1_048_576;
/** Pages that are opened to see how soon they are painted. */
const PAINTS = 5;

const minutes = Number(process.argv[2] ?? 10);
assert.ok(minutes > 0, 'minutes are a number above 0');

const rig = await startRig();
try {
  const paintMs = await firstPaintMs();
  const { grown, matches } = await heapGrowth();
  console.log(`RESULT name=play_first_paint_ms pages=${PAINTS} ours=${Math.round(paintMs)}`);
  console.log(`RESULT name=play_heap_mb_growth minutes=${minutes} matches=${matches} ours=${(grown / MEGABYTE).toFixed(2)}`);
} finally {
  await rig.end();
}

/** When a browser without anything kept first paints something: the median. */
async function firstPaintMs() {
  const times = [];
  for (let count = 0; count < PAINTS; count += 1) {
    const page = await rig.open();
    times.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN));
    await rig.close(page);
  }
  assert.ok(times.every(Number.isFinite), `every page was painted: ${times.join(', ')}`);
  return times.sort((one, other) => one - other)[PAINTS >> 1];
}

/** By how many bytes the heap in use has grown from after the first match to after the last one. Both are looked at in the lobby, swept. */
async function heapGrowth() {
  const page = await rig.open();
  await rig.guest(page, `Heap ${Date.now().toString(36).slice(-5)}`);
  const inspector = await page.context().newCDPSession(page);
  const usedBytes = async () => {
    await inspector.send('HeapProfiler.collectGarbage');
    return (await inspector.send('Runtime.getHeapUsage')).usedSize;
  };
  await playOne(page);
  const before = await usedBytes();
  const until = Date.now() + minutes * 60_000;
  let matches = 0;
  /** After each match, in megabytes: whoever sees a number alone does not see whether it still rises. */
  const after = [];
  for (; Date.now() < until; matches += 1) {
    await playOne(page);
    after.push((((await usedBytes()) - before) / MEGABYTE).toFixed(2));
  }
  console.log(`heap grown after each match, in MB: ${after.join(' ')}`);
  const grown = (await usedBytes()) - before;
  await rig.close(page);
  return { grown, matches };
}

/** A whole match, from the lobby to the lobby. @param {import('playwright-core').Page} page */
async function playOne(page) {
  await inMatch(page);
  await page.locator('.match[data-stage=live]').first().waitFor({ timeout: 60_000 });
  await toSettlement(page);
  await page.getByRole('button', { name: 'To the lobby' }).click();
  await page.locator('#screen[data-screen=lobby]').first().waitFor();
}
