// Whole matches against bots, played by keys, mouse and touch as somebody would: to the settlement, with a reload, a cut of the network,
// on a phone; and how fast 200 things are drawn.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { drawCrowd } from './crowd.js';
import { cuttable } from './cuttable.js';
import { inMatch, playOn, START_MS, toSettlement } from './playing.js';
import { SERVER, startRig } from './rig.js';

const rig = await startRig();
after(() => rig.end());

/** How long the network is away. */
const CUT_MS = 10_000;

test('a whole blitz, by keys and mouse, to its settlement', async () => {
  const page = await rig.open();
  await rig.guest(page, 'Match Guest');
  await inMatch(page);
  await rig.shot(page, 'match-deploy');
  await rig.axe(page);
  await page.waitForSelector('.match[data-stage=live]', { timeout: START_MS });
  await rig.shot(page, 'match-live');

  await page.keyboard.press('KeyI');
  await page.getByRole('region', { name: 'Bag' }).waitFor();
  await rig.shot(page, 'match-bag');
  await rig.axe(page);
  await page.keyboard.press('Escape');
  await page.keyboard.down('KeyQ');
  await page.getByRole('region', { name: 'Standings' }).waitFor();
  await rig.shot(page, 'match-scores');
  await page.keyboard.up('KeyQ');
  await page.mouse.move(800, 300);
  await page.mouse.click(800, 300);
  await page.waitForSelector('.match-slot[data-slot="1"][data-cooling=true]');
  await rig.shot(page, 'match-blow');

  await toSettlement(page, () => rig.shot(page, 'match-combat'));
  await rig.shot(page, 'match-end');
  const outcome = await page.getAttribute('.match-ending', 'data-outcome');
  assert.ok(['died', 'extracted', 'timed_out'].includes(outcome ?? ''), `it ended: ${outcome}`);
  assert.match((await page.textContent('.match-report [data-figure=xp] dd')) ?? '', /^\+\d/);
  await page.waitForSelector('.match-results tr.own', { timeout: START_MS * 2 });
  assert.match((await page.textContent('.match-report [data-figure=place] dd')) ?? '', /^\d+ of \d+$/);
  await rig.shot(page, 'match-settled');
  await rig.axe(page);
  await page.getByRole('button', { name: 'To the lobby' }).click();
  await page.waitForSelector('#screen[data-screen=lobby]');
  await rig.close(page);
});

test('a reload in mid-match keeps the place', async () => {
  const page = await rig.open();
  await rig.guest(page, 'Reload Guest');
  await inMatch(page);
  await page.waitForSelector('.match[data-stage=live]', { timeout: START_MS });
  await playOn(page, 1_500);
  const before = await page.getAttribute('.match', 'data-match');
  await page.reload();
  await page.waitForSelector('.match[data-stage=live] .match-meter.health[aria-valuenow]:not([aria-valuenow="0"])');
  assert.equal(await page.getAttribute('.match', 'data-match'), before, 'it is the same match');
  const from = await page.locator('.match-way').getAttribute('data-metres');
  await playOn(page, 3_000);
  assert.notEqual(await page.locator('.match-way').getAttribute('data-metres'), from, 'and one walks on in it');
  await rig.close(page);
});

test('ten seconds without a network, and the match goes on', async () => {
  const network = await cuttable(SERVER);
  const page = await rig.open('', { url: `${network.url}/play/` });
  rig.allow(page, /ERR_CONNECTION|ERR_EMPTY|WebSocket|Failed to load resource/);
  await rig.guest(page, 'Cut Guest');
  await inMatch(page);
  await page.waitForSelector('.match[data-stage=live]', { timeout: START_MS });
  const before = await page.getAttribute('.match', 'data-match');
  network.cut();
  await page.waitForSelector('.match[data-stand=waiting]');
  await rig.shot(page, 'match-cut');
  await new Promise((resolve) => setTimeout(resolve, CUT_MS));
  network.mend();
  await page.waitForSelector('.match[data-stand=open]');
  assert.equal(await page.getAttribute('.match', 'data-match'), before, 'it is the same match');
  await page.waitForFunction(() => /** @type {HTMLElement} */ (document.querySelector('.match'))?.dataset.stage !== 'gone');
  await rig.close(page);
  network.end();
});

test('the phone plays by thumbs', async () => {
  const page = await rig.open('', { isPhone: true });
  await rig.guest(page, 'Phone Guest');
  await inMatch(page);
  await page.waitForSelector('.match[data-stage=live]', { timeout: START_MS });
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
  assert.ok(wide <= seen, `nothing is cut at the side: ${wide} of ${seen} pixels`);
  await page.locator('.match-stick.aims').tap();
  await page.waitForSelector('.match-slot[data-slot="1"][data-cooling=true]');
  await rig.shot(page, 'match-phone');
  await rig.axe(page);
  await rig.close(page);
});

test('200 things are drawn', async () => {
  const page = await rig.open();
  const { fps, scriptMs } = await page.evaluate(drawCrowd, 6_000);
  console.log(`RESULT name=play_match_200_fps ours=${fps}`);
  console.log(`RESULT name=play_match_200_script_ms ours=${scriptMs}`);
  await rig.shot(page, 'match-200');
  assert.ok(fps > 0 && scriptMs > 0);
  await rig.close(page);
});
