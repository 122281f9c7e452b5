// Two people meet in the world, talk and trade, each in a browser of their own; and one walks by words alone.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startRig } from './rig.js';

/** @typedef {import('playwright-core').Page} Page */

const rig = await startRig();
after(() => rig.end());

/** Names of this run: a world remembers who was there. */
const RUN = Math.random().toString(36).slice(2, 7);

/**
 * Comes into the world as a new character of a new guest.
 * @param {string} name
 * @param {string} kind
 * @param {import('./rig.js').OpenOptions} [options]
 */
async function enter(name, kind, options = {}) {
  const page = await rig.open('', options);
  await rig.guest(page, `${name} ${RUN}`);
  await page.goto(`${page.url().split('#')[0]}#/world`);
  // Kinds are there once the content is, which makes the form anew.
  await page.getByRole('radio', { name: kind }).check();
  await page.locator('input[name=character]').fill(`${name} of ${RUN}`);
  await page.getByRole('button', { name: 'Enter the world' }).click();
  await page.waitForSelector('.world .world-ways li');
  return page;
}

/** Types into the line under the log. @param {Page} page @param {string} line */
async function type(page, line) {
  await page.locator('.world-line').fill(line);
  await page.locator('.world-line').press('Enter');
}

/** Waits until the log has words. @param {Page} page @param {string | RegExp} words */
const told = (page, words) => page.getByRole('log', { name: 'What is told' }).getByText(words).first().waitFor();

/** Shows one of the panels beside the map. @param {Page} page @param {string} name */
async function panel(page, name) {
  const toggle = page.getByRole('group', { name: 'Beside the map' }).getByRole('button', { name });
  if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
}

test('two meet, talk, trade and go on together', async () => {
  const ada = await enter('Ada', 'Warrior');
  const bob = await enter('Bob', 'Mage', { scheme: 'light' });
  await rig.shot(ada, 'world-here');
  await rig.axe(ada);
  await rig.axe(bob);

  await panel(ada, 'Here');
  await ada.getByRole('button', { name: `Bob of ${RUN}`, exact: true }).click();
  await type(ada, 'say well met');
  await told(bob, /well met/);
  await bob.getByRole('button', { name: 'Zone', exact: true }).click();
  await type(bob, 'who is selling?');
  await ada.getByRole('button', { name: /^Zone/ }).click();
  await told(ada, /who is selling/);
  await rig.shot(ada, 'world-zone');
  for (const page of [ada, bob]) await page.getByRole('button', { name: 'All', exact: true }).click();

  await ada.getByRole('button', { name: `Trade with Bob of ${RUN}` }).click();
  await bob.getByRole('button', { name: 'Begin the trade' }).click();
  const table = (/** @type {Page} */ page) => page.getByRole('region', { name: 'Trade' });
  await table(ada).getByRole('button', { name: /^Offer: bandage/i }).click();
  await table(bob).getByRole('list', { name: /Ada of .* offers/ }).getByText(/bandage/i).waitFor();
  await rig.shot(bob, 'world-trade');
  await rig.axe(bob);
  await table(bob).getByRole('button', { name: 'Agree to this' }).click();
  await table(ada).getByText('agreed', { exact: true }).waitFor();
  await table(ada).getByRole('button', { name: 'Agree to this' }).click();
  await told(bob, 'The trade is done.');
  await panel(bob, 'Things');
  await bob.locator('.world-bag').getByText(/bandage × 2/i).or(bob.locator('.world-bag').getByText(/bandage/i).nth(1)).first().waitFor();
  await rig.shot(bob, 'world-things');
  await rig.axe(bob);

  await panel(ada, 'Here');
  await ada.getByRole('button', { name: `Invite Bob of ${RUN} into the group` }).click();
  await bob.getByRole('button', { name: 'Join' }).click();
  await told(ada, new RegExp(`Bob of ${RUN} joins the group`));
  await rig.close(ada);
  await rig.close(bob);
});

test('the world is played by words alone', async () => {
  const page = await enter('Cato', 'Ranger');
  await told(page, /Exits:/);
  await page.locator('.world-line').fill('inven');
  await page.locator('.world-line').press('Tab');
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector('.world-line')).value === 'inventory ');
  await page.locator('.world-line').press('Enter');
  await told(page, /You carry:/);
  const room = await page.locator('.world-here h2').textContent();
  const way = await page.locator('.world-ways li > button').first().textContent();
  await type(page, `go ${way?.replace(/^\P{L}+/u, '')}`);
  await page.waitForFunction((/** @type {string | null} */ before) => document.querySelector('.world-here h2')?.textContent !== before, room);
  await page.locator('.world-line').press('ArrowUp');
  assert.match(await page.locator('.world-line').inputValue(), /^go /, 'what was typed comes back');
  await rig.shot(page, 'world-words');
  await rig.close(page);
});

test('a page that is loaded again is where it was', async () => {
  const page = await enter('Dora', 'Mage');
  const room = await page.locator('.world-here h2').textContent();
  await page.reload();
  await page.waitForSelector('.world .world-ways li');
  assert.equal(await page.locator('.world-here h2').textContent(), room);
  await page.getByRole('button', { name: 'Leave the world' }).click();
  await page.getByRole('button', { name: /Enter the world as Dora/ }).waitFor();
  await rig.axe(page);
  await rig.close(page);
});

test('a phone has room for all of it', async () => {
  const page = await enter('Enzo', 'Warrior', { isPhone: true });
  const { wide, seen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: innerWidth }));
  assert.ok(wide <= seen, `nothing is cut at the side: ${wide} of ${seen} pixels`);
  await rig.shot(page, 'world-phone');
  await panel(page, 'Things');
  await rig.shot(page, 'world-phone-things');
  await rig.axe(page);
  await rig.close(page);
});
