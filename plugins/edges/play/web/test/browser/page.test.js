// The page as it comes: it loads, all of it from here, and a guest gets in.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { SERVER, startRig } from './rig.js';

const rig = await startRig();
after(() => rig.end());

test('the page loads, and nothing goes wrong', async () => {
  const page = await rig.open();
  assert.equal(await page.title(), 'Hypogeum');
  await rig.shot(page, 'gate');
  await rig.axe(page);
  await rig.close(page);
});

test('all modules come at once', async () => {
  const page = await rig.open();
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  assert.deepEqual(loaded.filter((path) => path.endsWith('.js')), ['/play/page.js'], 'no module is found by another one only');
  assert.equal(new Set(loaded).size, loaded.length, `nothing is asked for twice: ${loaded.join(' ')}`);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  console.log(`RESULT name=play_first_contentful_paint_ms ours=${Math.round(paint ?? Number.NaN)}`);
  await rig.close(page);
});

test('a guest gets in, and sees the modes', async () => {
  const page = await rig.open();
  await rig.guest(page, 'Page Guest');
  const modes = await page.evaluate(async () => {
    const { Api } = await import(/** @type {string} */ ('/play/sdk/index.js'));
    const api = new Api(location.origin, { storage: localStorage });
    return { isKept: await api.restore(), profile: await api.get('/v1/profile') };
  });
  assert.equal(modes.isKept, true, 'the login is kept for when the page comes back');
  assert.equal(modes.profile.name, 'Page Guest');
  await page.getByText(/blitz/i).first().waitFor();
  await rig.shot(page, 'lobby');
  await rig.axe(page);
  await rig.close(page);
});

test('the phone shows the same', async () => {
  const page = await rig.open('', { isPhone: true });
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
  assert.ok(wide <= seen, `nothing is cut at the side: ${wide} of ${seen} pixels`);
  await rig.shot(page, 'gate-phone');
  await rig.axe(page);
  await rig.close(page);
});

test('what the policy forbids is noticed', async () => {
  const page = await rig.open();
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">red</p>'));
  await page.evaluate(() => fetch('http://127.0.0.1:9/').catch(() => undefined));
  const faults = rig.faults(page);
  assert.equal(faults.filter((fault) => /Content Security Policy/.test(fault)).length >= 2, true, faults.join('\n'));
  rig.allow(page, /Content Security Policy|127\.0\.0\.1:9|Connecting to|Refused|violates/);
  await rig.close(page);
});

test('no other page can show this one', async () => {
  const page = await rig.open();
  const isShown = await page.evaluate(async (server) => {
    const frame = document.createElement('iframe');
    frame.src = `${server}/play/`;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve));
    try {
      return Boolean(frame.contentDocument?.getElementById('screen'));
    } catch {
      return false;
    }
  }, SERVER);
  assert.equal(isShown, false, 'neither as a frame of itself nor of others');
  rig.allow(page, /Content Security Policy|frame|Framing/i);
  await rig.close(page);
});
