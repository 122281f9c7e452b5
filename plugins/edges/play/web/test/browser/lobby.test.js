// Around the games: getting in and staying in, the line and the loadout, characters, stash and shop, settings, a second tab.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startRig } from './rig.js';

const rig = await startRig();
after(() => rig.end());

/** What a browser says on its console of answers that are no 2xx. */
const REFUSED = /status of 4\d\d/;
let people = 0;
const somebody = () => `Lobby ${Date.now().toString(36).slice(-5)} ${(people += 1)}`;
const onScreen = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name) => page.waitForSelector(`#screen[data-screen=${name}]`);

/** @param {import('playwright-core').Page} page @param {string} name @param {string} [password] */
async function fillGate(page, name, password) {
  await page.locator('input[name=name]').fill(name);
  if (password !== undefined) await page.locator('input[name=password]').fill(password);
}

test('what the server refuses stands at its field', async () => {
  const page = await rig.open();
  rig.allow(page, REFUSED);
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await fillGate(page, somebody(), 'short');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.locator('#field-password-wrong').filter({ hasText: /\S/ }).waitFor();
  assert.equal(await page.locator('input[name=password]').getAttribute('aria-invalid'), 'true');
  await fillGate(page, '!', 'long enough for it');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.locator('#field-name-wrong').filter({ hasText: /\S/ }).waitFor();
  await rig.shot(page, 'gate-refused');
  await rig.axe(page);
  await rig.close(page);
});

test('whoever guesses passwords waits, and sees how long', async () => {
  const page = await rig.open();
  rig.allow(page, REFUSED);
  await fillGate(page, somebody(), 'a wrong password');
  const submit = page.locator('button[type=submit]');
  // The first lock is too short to look at.
  let seconds = 0;
  for (let guess = 0; guess < 12 && seconds < 2; guess += 1) {
    await page.waitForFunction(() => !/** @type {HTMLButtonElement} */ (document.querySelector('button[type=submit]')).disabled);
    const answered = page.waitForResponse(/\/v1\/login/);
    await submit.click();
    await answered;
    await page.waitForFunction(() => !document.querySelector('form[aria-busy]'));
    seconds = Number(/Try again in\D*(\d+)/.exec(await page.locator('form').innerText())?.[1] ?? 0);
  }
  assert.ok(seconds >= 2, `it is locked for ${seconds} s`);
  assert.equal(await submit.isDisabled(), true);
  await rig.shot(page, 'gate-locked');
  await page.waitForFunction(() => !/** @type {HTMLButtonElement} */ (document.querySelector('button[type=submit]')).disabled);
  await rig.close(page);
});

test('an account is made, kept over a reload without the gate, and left', async () => {
  const name = somebody();
  const page = await rig.open('#/settings');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await fillGate(page, name, 'correct horse battery');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await onScreen(page, 'settings');
  await page.addInitScript(() => {
    /** @type {any} */ (globalThis).screens = [];
    new MutationObserver(() => {
      const name = document.getElementById('screen')?.dataset.screen;
      const { screens } = /** @type {any} */ (globalThis);
      if (name !== undefined && screens.at(-1) !== name) screens.push(name);
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-screen'] });
  });
  await page.reload();
  await onScreen(page, 'settings');
  const screens = await page.evaluate(() => /** @type {any} */ (globalThis).screens);
  assert.ok(!screens.includes(''), `the gate is not among ${JSON.stringify(screens)}`);
  await page.getByText(name).first().waitFor();
  assert.match(await page.title(), /^Settings/);
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await page.locator('input[name=name]').waitFor();
  await fillGate(page, name, 'correct horse battery');
  await page.locator('button[type=submit]').click();
  await onScreen(page, 'lobby');
  await rig.close(page);
});

test('an address that is none is the lobby', async () => {
  const page = await rig.open('#/nonsense');
  await rig.guest(page, somebody());
  assert.match(page.url(), /#\/lobby$/);
  await rig.close(page);
});

test('a place in line says what it waits for, and is left', async () => {
  const page = await rig.open();
  await rig.guest(page, somebody());
  await page.getByRole('button', { name: 'Queue for Extraction' }).click();
  await page.getByText(/it begins with 20/).waitFor();
  await page.getByText(/Ratings up to ±/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Queue for Blitz' }).isDisabled(), true, 'one line at a time');
  await rig.shot(page, 'lobby-line');
  await rig.axe(page);
  await page.getByRole('button', { name: 'Leave the line' }).click();
  await page.getByRole('button', { name: 'Queue for Blitz' }).and(page.locator(':enabled')).waitFor();
  await rig.close(page);
});

test('a match begins by itself, and a reload goes back into it', async () => {
  const page = await rig.open();
  await rig.guest(page, somebody());
  await page.getByRole('button', { name: 'Queue for Blitz' }).click();
  await page.goto(page.url().replace(/#.*/, '#/settings'));
  await page.getByText(/Loadout for/).waitFor();
  assert.match(page.url(), /#\/lobby$/, 'the loadout calls from wherever one is');
  await rig.shot(page, 'loadout');
  await rig.axe(page);
  await onScreen(page, 'match');
  await page.goto(page.url().replace(/#.*/, '#/lobby'));
  await page.getByText('You are in a match.').waitFor();
  await page.reload();
  await onScreen(page, 'match');
  await rig.close(page);
});

test('things are sold, bought, and packed for the next loadout', async () => {
  const page = await rig.open();
  await rig.guest(page, somebody());
  await page.goto(page.url().replace(/#.*/, '#/lobby/stash'));
  await page.getByRole('button', { name: 'Sell for 10: Leather cap' }).click();
  await page.locator('dialog').getByRole('button', { name: 'Sell for 10' }).click();
  await page.getByText('Leather cap sold for 10.').waitFor();
  await page.goto(page.url().replace(/#.*/, '#/lobby/shop'));
  await page.getByText('10 coins in your purse').waitFor();
  await page.getByRole('button', { name: 'Buy Rat pelt for 6' }).click();
  await page.getByText('4 coins in your purse').waitFor();
  await page.goto(page.url().replace(/#.*/, '#/lobby/stash'));
  await page.getByText('Rat pelt', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pack: Rusty sword' }).click();
  await page.getByRole('button', { name: 'Packed ✓: Rusty sword' }).waitFor();
  await rig.shot(page, 'stash-packed');
  await page.goto(page.url().replace(/#.*/, '#/lobby'));
  await page.getByRole('button', { name: 'Queue for Blitz' }).click();
  await page.getByText('1 of 16 items chosen').waitFor();
  await rig.shot(page, 'loadout-packed');
  // Sent by itself, before the time is up.
  await onScreen(page, 'match');
  const places = await page.evaluate(async () => {
    const { Api } = await import(/** @type {string} */ ('/play/sdk/index.js'));
    const api = new Api(location.origin, { storage: localStorage });
    await api.restore();
    const { items } = await api.get('/v1/inventory');
    return Object.fromEntries(items.map((/** @type {{ template: string, place: string }} */ { template, place }) => [template, place]));
  });
  assert.deepEqual([places.rusty_sword, places.medkit], ['brought', 'stash']);
  await rig.close(page);
});

test('characters are made, played and deleted', async () => {
  const name = somebody();
  const page = await rig.open();
  await rig.guest(page, name);
  await page.getByText('New character').click();
  await page.locator('input[name=character]').fill(`${name}x`);
  await page.getByRole('button', { name: 'Mage' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('button', { name: `Play as ${name}x` }).click();
  await page.getByRole('button', { name: `Playing as ${name}x` }).waitFor();
  await page.locator('#bar .who').filter({ hasText: `${name}x` }).waitFor();
  await rig.shot(page, 'lobby-characters');
  await rig.axe(page);
  await page.reload();
  await page.locator('#bar .who').filter({ hasText: `${name}x` }).waitFor();
  await page.getByRole('button', { name: `Delete ${name}x` }).click();
  await rig.shot(page, 'lobby-delete');
  await rig.axe(page);
  await page.locator('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.locator('#bar .who').filter({ hasText: new RegExp(`^${name}$`) }).waitFor();
  await rig.close(page);
});

test('a second tab takes over, and the first one takes it back when it is asked to', async () => {
  const first = await rig.open();
  await rig.guest(first, somebody());
  await first.locator('.mode').first().waitFor();
  const second = await rig.open('#/settings', { beside: first });
  await onScreen(second, 'settings');
  await first.getByText(/plays in another tab/).waitFor();
  await rig.shot(first, 'elsewhere');
  await rig.axe(first);
  await first.getByRole('button', { name: 'Play here' }).click();
  await second.getByText(/plays in another tab/).waitFor();
  await first.waitForFunction(() => document.querySelector('#bar .stand')?.childElementCount === 0);
  // And one that logs out is followed.
  await first.getByRole('button', { name: 'Log out', exact: true }).click();
  await second.locator('input[name=name]').waitFor();
  await rig.close(second);
  await rig.close(first);
});

test('every part of the lobby can be used by everybody, on a desk and on a phone', async () => {
  for (const options of [{}, { isPhone: true, scheme: /** @type {const} */ ('light') }]) {
    const page = await rig.open('', options);
    await rig.guest(page, somebody());
    for (const part of ['', '/friends', '/stash', '/shop', '/history', '/boards']) {
      await page.goto(page.url().replace(/#.*/, `#/lobby${part}`));
      await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'));
      const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= seen, `lobby${part} is ${wide} of ${seen} pixels wide`);
      await rig.shot(page, `lobby${part.replace('/', '-')}${options.isPhone ? '-phone-light' : ''}`);
      await rig.axe(page);
    }
    await rig.close(page);
  }
});

test('two befriend, one leads the other in a party, hands over, and is put out', async () => {
  /** @param {string} name */
  const person = async (name) => {
    const page = await rig.open();
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await fillGate(page, name, 'long enough for it');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await onScreen(page, 'lobby');
    await page.evaluate(() => void (location.hash = '#/lobby/friends'));
    return page;
  };
  const [ada, bob] = [somebody(), somebody()];
  const [one, other] = [await person(ada), await person(bob)];
  const press = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name) => page.getByRole('button', { name, exact: true }).click();

  await one.getByLabel('Name of a player').fill(bob);
  await press(one, 'Add');
  await press(other, `Accept: ${ada}`);
  await press(one, `Invite to the party: ${bob}`);
  await press(other, `Accept: ${ada}`);
  await one.getByLabel('Name of the party').fill('Night owls');
  await press(one, 'Rename party');
  await other.getByText('Night owls', { exact: true }).waitFor();
  assert.equal(await other.getByLabel('Name of the party').isVisible(), false, 'only who leads names it');
  await rig.shot(one, 'lobby-party');
  await rig.axe(one);
  await press(one, `Make leader: ${bob}`);
  await press(other, `Kick: ${ada}`);
  await one.getByText('You are in none.').waitFor();
  await press(one, `Block: ${bob}`);
  await one.getByRole('button', { name: `Unblock: ${bob}`, exact: true }).waitFor();
  await rig.close(one);
  await rig.close(other);
});

test('settings hold at once, and over a reload', async () => {
  const page = await rig.open('#/settings');
  await fillGate(page, somebody());
  await page.getByRole('button', { name: /guest/i }).click();
  await onScreen(page, 'settings');
  await page.getByRole('button', { name: 'Up: W' }).click();
  await page.keyboard.press('ArrowUp');
  await page.getByRole('button', { name: 'Up: ↑' }).waitFor();
  await page.getByRole('button', { name: 'Down: S' }).click();
  await page.keyboard.press('ArrowUp');
  await page.getByText(/has the key it had before/).waitFor();
  await page.getByRole('button', { name: 'Up: S' }).waitFor();
  await page.getByText('Light', { exact: true }).click();
  await page.locator('input[name=text-size]').fill('5');
  await page.getByText('Deutsch', { exact: true }).click();
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
  const { lang, theme, size } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    theme: document.documentElement.dataset.theme,
    size: getComputedStyle(document.documentElement).fontSize,
  }));
  assert.deepEqual([lang, theme, size], ['de', 'light', '24px']);
  await page.getByRole('button', { name: 'Hinauf: S' }).waitFor();
  await rig.shot(page, 'settings-large');
  await rig.axe(page);
  await page.getByRole('button', { name: 'Alle Einstellungen zurücksetzen' }).click();
  await page.locator('dialog').getByRole('button', { name: 'Alle Einstellungen zurücksetzen' }).click();
  await page.getByRole('button', { name: 'Hinauf: W' }).waitFor();
  await rig.close(page);
});
