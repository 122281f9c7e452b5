// Whole matches against bots, played by keys, mouse and touch as somebody would: to the settlement, with a reload, a cut of the network,
// on a phone; and how fast 200 things are drawn.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

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
  const { fps, scriptMs } = await page.evaluate(async () => {
    const load = (/** @type {string} */ path) => import(`/play/${path}`);
    const [{ Scene }, { FrameMeter }, { Warnings }, { Interpolation }] = await Promise.all(
      ['src/draw/scene.js', 'src/draw/meter.js', 'src/screens/match/clock.js', 'sdk/lane/interpolation.js'].map(load),
    );
    const canvas = document.createElement('canvas');
    Object.assign(canvas.style, { position: 'fixed', inset: '0', width: '100vw', height: '100vh', zIndex: '9' });
    document.body.append(canvas);
    const scene = new Scene(canvas, { tables: {}, names: {}, numbers: { npcs: ['rat', 'wolf', 'raider'], items: ['medkit', 'war_axe'] } });
    const sight = 26 * 256;
    scene.refit(sight);
    const middle = 75 * 256;
    const kinds = ['player', 'npc', 'npc', 'item', 'container', 'projectile', 'npc', 'player'];
    const at = (/** @type {number} */ id, /** @type {number} */ tick) => {
      const [angle, far] = [id * 2.4 + tick * 0.01, 512 + ((id * 97) % 4_600)];
      const isArea = id >= 196;
      return {
        id,
        kind: isArea ? (id === 199 ? 'storm' : 'hazard') : kinds[id % kinds.length],
        template: id % 3,
        x: Math.round(middle + Math.cos(angle) * far),
        y: Math.round(middle + Math.sin(angle) * far * 0.6),
        heading: (id * 13 + tick) & 255,
        hp_band: id % 16,
        extent: isArea ? (id === 199 ? 200 : 60) : 0,
      };
    };
    const blocks = Array.from({ length: 70 }, (_, n) => ({ x_min: (n * 997) % 36_000, y_min: (n * 3_571) % 36_000, x_max: ((n * 997) % 36_000) + 900, y_max: ((n * 3_571) % 36_000) + 700 }));
    const names = Object.fromEntries(Array.from({ length: 200 }, (_, id) => [id, `Player ${id}`]));
    const exits = [{ x: middle + 2_000, y: middle, radius: 1_536 }];
    const view = {
      nowMs: 0, tick: 0, match: { side: 150 * 256, obstacles: blocks, pois: [], exits }, own: { x: middle, y: middle }, aim: 0, reach: 512, hpBand: 12, channel: 0.4, cast: 0,
      around: [], openExits: [true], exitWords: ['Exit'], poiWords: [], sight, target: undefined, names, warnings: new Warnings(), warningTicks: () => 60,
    };
    const others = new Interpolation();
    const meter = new FrameMeter(canvas);
    const began = performance.now();
    let last = -1;
    await new Promise((resolve) => {
      const frame = () => {
        const now = performance.now();
        meter.begin(now);
        const tick = Math.floor((now - began) / 66.7) * 2;
        if (tick !== last) others.take(Array.from({ length: 200 }, (_, id) => at(id, tick)), tick, 2, now);
        last = tick;
        if (tick % 4 === 0) Object.assign(scene.effects.begin('words', middle + (tick % 900), middle, 'damage', now, 900), { words: String(tick % 40) });
        Object.assign(view, { nowMs: now, tick, around: others.shown(now, 30), aim: (tick * 300) & 65_535 });
        view.own.x = middle + tick;
        scene.paint(view);
        meter.end(performance.now());
        if (now - began < 6_000) requestAnimationFrame(frame);
        else resolve(undefined);
      };
      requestAnimationFrame(frame);
    });
    return { fps: Number(canvas.dataset.fps), scriptMs: Number(canvas.dataset.scriptMs) };
  });
  console.log(`RESULT name=play_match_200_fps ours=${fps}`);
  console.log(`RESULT name=play_match_200_script_ms ours=${scriptMs}`);
  await rig.shot(page, 'match-200');
  assert.ok(fps > 0 && scriptMs > 0);
  await rig.close(page);
});
