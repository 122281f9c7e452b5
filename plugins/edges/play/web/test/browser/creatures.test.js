// A tournament of eight with one person in it, from registering to its end; and the other screens of creatures.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startRig } from './rig.js';

/** @typedef {import('playwright-core').Page} Page */

const rig = await startRig();
after(() => rig.end());

/** Moves, rounds and looks that a tournament may take. */
const STEPS_MAX = 1_500;

/** @param {Page} page @param {string} name */
async function register(page, name) {
  await page.locator('button[name=new]').click();
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill('correct horse battery');
  await page.locator('form button[type=submit]').click();
  await page.waitForSelector('#screen[data-screen=lobby]');
}

/** @param {Page} page @param {string} path @param {string} selector of what is there then */
async function go(page, path, selector) {
  await page.evaluate((hash) => void (location.hash = hash), `#/${path}`);
  await page.waitForSelector(selector);
}

/** Makes a creature that strikes hard. @param {Page} page @param {string} name @param {string} type */
async function make(page, name, type) {
  await go(page, 'creatures/new', '.creatures .types');
  await page.locator(`.type:has(input[value=${type}])`).click();
  await page.locator('input[name=creature]').fill(name);
  const more = page.locator('.stat-strength .step').nth(1);
  for (let time = 0; time < 4; time += 1) await more.click();
  await more.press('+');
  const health = page.locator('.stat-health .step').nth(1);
  await health.click();
  assert.equal(await page.locator('.points legend strong').innerText(), '0', 'nobody gives more than there is');
  await rig.shot(page, `creatures-setup-${type}`);
  await rig.axe(page);
  await page.locator('.setup button[type=submit]').click();
  await page.locator('.creature', { hasText: name }).waitFor();
}

/** Whatever can be done next in the game: returns what it was. @param {Page} page @returns {Promise<'move' | 'points' | 'over'>} */
async function next(page) {
  const found = await page.waitForFunction(() => {
    if (document.querySelector('.creatures .ending')) return 'over';
    if (document.querySelector('.creatures .level button.primary:not(:disabled)')) return 'points';
    return document.querySelector('.creatures .move.attack[aria-disabled=false]') ? 'move' : false;
  });
  return /** @type {any} */ (await found.jsonValue());
}

test('a tournament of eight is played from registering to its end', { timeout: 600_000 }, async () => {
  const page = await rig.open('', { isStill: true });
  await register(page, `Cup ${Date.now() % 1_000_000}`);
  await go(page, 'creatures', '.creatures h1');
  await page.getByText('You have no creature yet').waitFor();
  await make(page, 'Cinder', 'mirebeast');
  await rig.shot(page, 'creatures-mine');
  await rig.axe(page);

  await go(page, 'creatures/tournaments', '.creatures .types');
  assert.equal(await page.locator('select[name=size]').inputValue(), '8');
  await rig.shot(page, 'creatures-tournaments');
  await rig.axe(page);
  await page.locator('button[name=start]').click();
  await page.waitForSelector('.creatures .battle');
  assert.match(page.url(), /#\/creatures\/game\/\d+$/);
  assert.equal(await page.locator('.bracket .pairing').count(), 7, 'eight creatures meet in seven pairings');
  await rig.shot(page, 'creatures-battle');
  await rig.axe(page);

  const moves = /** @type {const} */ (['special', 'attack', 'defend']);
  let [moved, grown, hasReloaded] = [0, 0, false];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const what = await next(page);
    if (what === 'over') break;
    if (what === 'points') {
      if (grown === 0) {
        await rig.shot(page, 'creatures-level');
        await rig.axe(page);
      }
      const left = Number(await page.locator('.points legend strong').innerText());
      for (let time = 0; time < left; time += 1) await page.locator('.stat-row .step:nth-of-type(2)[aria-disabled=false]').first().click();
      const title = await page.locator('.level').elementHandle();
      await page.locator('.level button.primary').click();
      await page.waitForFunction((element) => !element?.isConnected, title);
      grown += 1;
      continue;
    }
    if (moved === 3 && !hasReloaded) {
      hasReloaded = true;
      // What is shown of them follows the words of the last turn.
      await page.waitForFunction(() => {
        const turn = Number(/\d+/.exec(document.querySelector('.battle .status')?.textContent ?? '')?.[0]);
        return document.querySelectorAll('.battle .log .turn').length >= turn - 1;
      });
      const before = await page.locator('.fighter .hp').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-valuenow')));
      await page.reload();
      assert.equal(await next(page), 'move', 'the place is kept');
      assert.deepEqual(await page.locator('.fighter .hp').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-valuenow'))), before, 'and so is what was done');
      await page.locator('.log .turn').first().waitFor();
    }
    const status = await page.locator('.battle .status').innerText();
    const wished = page.locator(`.move.${moves[moved % 3]}[aria-disabled=false]`);
    await ((await wished.count()) > 0 ? wished : page.locator('.move.attack')).click();
    await page.waitForFunction((said) => document.querySelector('.battle .status')?.textContent !== said || document.querySelector('.ending, .level'), status);
    moved += 1;
  }
  assert.ok(moved > 3 && hasReloaded, `${moved} moves were made`);
  await page.locator('.ending h2').first().waitFor();
  await page.getByText('has won the tournament').waitFor();
  await rig.shot(page, 'creatures-end');
  await rig.axe(page);

  await page.locator('a.pairing.own').first().click();
  await page.locator('.log .end').waitFor();
  await rig.shot(page, 'creatures-log');
  await rig.axe(page);
  await rig.close(page);
});

test('a game is opened for others, entered by a second person, and called off', async () => {
  const [host, guest] = [await rig.open(), await rig.open('', { isPhone: true })];
  const mark = Date.now() % 1_000_000;
  await register(host, `Host ${mark}`);
  await register(guest, `Visitor ${mark}`);
  await make(guest, 'Pebble', 'stoneback');
  await go(host, 'creatures/tournaments', '.creatures .types');
  await host.locator('.type:has(input[value=league])').click();
  await host.locator('summary').click();
  await host.locator('button[name=open]').click();
  await host.waitForURL(/creatures\/game\/\d+$/);
  await host.getByText('Nobody has entered yet').waitFor();
  const id = /game\/(\d+)/.exec(host.url())?.[1];

  await go(guest, 'creatures/open', `a[href="#/creatures/game/${id}"]`);
  await rig.shot(guest, 'creatures-open-phone');
  await rig.axe(guest);
  await guest.locator(`a[href="#/creatures/game/${id}"]`).click();
  await guest.getByRole('button', { name: 'Enter' }).click();
  await guest.getByRole('button', { name: 'Leave with Pebble' }).waitFor();
  await rig.shot(guest, 'creatures-entries-phone');
  await rig.axe(guest);
  await host.getByText('Pebble').first().waitFor();
  await rig.axe(host);
  await host.getByRole('button', { name: 'Call it off' }).click();
  await host.locator('dialog button[value=yes]').click();
  await host.getByText('Called off').first().waitFor();
  await guest.getByText('Called off').first().waitFor();
  await rig.close(host);
  await rig.close(guest);
});

test('ladders and the history can be read, and a place in line is taken and left', async () => {
  const page = await rig.open();
  await register(page, `Ladder ${Date.now() % 1_000_000}`);
  await make(page, 'Gale', 'galewing');
  await go(page, 'creatures/ladders', '.creatures .rating');
  await page.getByRole('button', { name: 'Get in line' }).first().click();
  await page.getByRole('button', { name: 'Leave the line' }).waitFor();
  await rig.shot(page, 'creatures-ladders');
  await rig.axe(page);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await page.getByRole('button', { name: 'Leave the line' }).waitFor({ state: 'detached' });
  await go(page, 'creatures/past', '.creatures .scroll > *');
  await rig.axe(page);
  await go(page, 'creatures', '.creature');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.locator('.creature input').fill('Storm');
  await page.getByRole('button', { name: 'Keep it so' }).click();
  await page.locator('.creature h2', { hasText: 'Storm' }).waitFor();
  await page.getByRole('button', { name: 'Let go' }).click();
  await rig.axe(page);
  await page.locator('dialog button[value=yes]').click();
  await page.getByText('You have no creature yet').waitFor();
  await rig.close(page);
});

test('two people fight a rated duel to its end, and one of them loses the network for a while', { timeout: 300_000 }, async () => {
  const people = [await rig.open('', { isStill: true }), await rig.open('', { isStill: true, scheme: 'light' })];
  const mark = Date.now() % 1_000_000;
  for (const [index, page] of people.entries()) {
    await register(page, `Rival ${index} ${mark}`);
    await make(page, index ? 'Moss' : 'Ember', index ? 'thornling' : 'emberfox');
    await go(page, 'creatures/ladders', '.creatures .rating');
  }
  await Promise.all(people.map((page) => page.getByRole('button', { name: 'Get in line' }).first().click()));
  await Promise.all(people.map((page) => page.waitForSelector('.creatures .battle')));
  await people[0].locator('.countdown').first().waitFor();
  await people[0].locator('.move.special').click();
  await people[1].getByText('has chosen').waitFor();
  await rig.shot(people[1], 'creatures-duel-light');
  await rig.axe(people[1]);
  await people[1].locator('.move.attack').press('1');
  await Promise.all(people.map((page) => page.getByText('Turn 1', { exact: true }).waitFor()));

  // What is not there cannot be asked for; the browser says so on its console.
  rig.allow(people[1], /ERR_INTERNET_DISCONNECTED|WebSocket/);
  await people[1].context().setOffline(true);
  await people[0].locator('.move.attack[aria-disabled=false]').click();
  await people[0].getByText(/waiting for/).waitFor();
  await people[1].context().setOffline(false);
  await people[1].getByText('has chosen').waitFor();

  /** Whoever is asked strikes, each on a page of their own. @param {import('./rig.js').Page} page */
  const fight = async (page) => {
    for (let step = 0; step < STEPS_MAX && (await next(page)) !== 'over'; step += 1) {
      await page.locator('.move.attack[aria-disabled=false]').click({ timeout: 1_000 }).catch(() => undefined);
    }
  };
  await Promise.all(people.map(fight));
  await Promise.all(people.map((page) => page.waitForSelector('.ending')));
  const titles = await Promise.all(people.map((page) => page.locator('.ending h2').first().innerText()));
  assert.deepEqual(titles.sort(), ['Defeat', 'Victory']);
  for (const page of people) await rig.close(page);
});
