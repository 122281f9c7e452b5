// Drives the page in a real browser: Debian's Chromium by playwright-core, against a server that runs (`HYPOGEUM_URL`).
//
//   const rig = await startRig();
//   after(() => rig.end());
//   test('…', async () => {
//     const page = await rig.open();          // somebody's browser, with a storage of its own, at /play/
//     await rig.guest(page, 'Ada');           // comes in by a name, to the lobby
//     await rig.shot(page, 'lobby');          // a picture of it, into the folder HYPOGEUM_SHOTS
//     await rig.axe(page);                    // fails where somebody could not use it
//     await rig.close(page);                  // fails for whatever went wrong in it
//   });
//
// What goes wrong is collected: errors on the console, exceptions, what the page's policy forbids, and requests to anywhere else.
// A test in which some of that is meant says so: `rig.allow(page, /status of 401/)`.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import axeCore from 'axe-core';
import { chromium } from 'playwright-core';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @typedef {object} OpenOptions
 * @property {Page} [beside] another tab of the same browser, with the same storage
 * @property {{ width: number, height: number }} [size] 1280 × 800, or that of a phone
 * @property {boolean} [isPhone] 360 × 740, touched instead of clicked
 * @property {boolean} [isStill] motion is unwanted
 * @property {'dark' | 'light'} [scheme]
 * @property {string} [locale] of the browser: `en-GB`
 * @property {string} [url] of another page than that of the server
 */

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1_280, height: 800 };

/** What is waited for at most, in milliseconds: a match may be on beside it, on a slow machine. */
export const PATIENCE_MS = 60_000;

/** Where the server answers, without a slash at its end. */
export const SERVER = (process.env.HYPOGEUM_URL ?? 'http://127.0.0.1:27580').replace(/\/+$/, '');

/** Starts a browser. */
export async function startRig() {
  const executablePath = process.env.HYPOGEUM_CHROMIUM ?? '/usr/bin/chromium';
  return new Rig(await chromium.launch({ executablePath, args: FLAGS, timeout: 2 * PATIENCE_MS }));
}

/** See the head of this file. */
export class Rig {
  /** What went wrong in each page, and what is meant to. @type {Map<Page, { faults: string[], allowed: RegExp[] }>} */
  #pages = new Map();

  /** @param {import('playwright-core').Browser} browser */
  constructor(browser) {
    this.browser = browser;
  }

  /**
   * Opens the page, and waits until its screen is there.
   * @param {string} [path] `#/settings`
   * @param {OpenOptions} [options]
   * @returns {Promise<Page>}
   */
  async open(path = '', options = {}) {
    const context = options.beside?.context() ?? (await this.#person(options));
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    this.#watch(page, new URL(options.url ?? SERVER));
    await page.goto(options.url ? options.url + path : `${SERVER}/play/${path}`);
    if (!options.url) await page.waitForSelector('#screen > *');
    return page;
  }

  /** A browser of somebody. @param {OpenOptions} options */
  #person({ isPhone = false, size = isPhone ? PHONE : DESK, isStill = false, scheme = 'dark', locale = 'en-GB' }) {
    return this.browser.newContext({
      viewport: size,
      hasTouch: isPhone,
      isMobile: isPhone,
      deviceScaleFactor: isPhone ? 2 : 1,
      reducedMotion: isStill ? 'reduce' : 'no-preference',
      colorScheme: scheme,
      locale,
    });
  }

  /**
   * @param {Page} page
   * @param {URL} home
   */
  #watch(page, home) {
    /** @type {string[]} */
    const faults = [];
    this.#pages.set(page, { faults, allowed: [] });
    const isHome = (/** @type {string} */ url) => {
      const { protocol, host } = new URL(url);
      return ['data:', 'blob:'].includes(protocol) || host === home.host;
    };
    page.on('console', (message) => {
      // What a policy refuses is said there, too.
      if (message.type() === 'error') faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => faults.push(`exception: ${error.stack ?? error.message}`));
    page.on('crash', () => faults.push('the page crashed'));
    page.on('request', (request) => {
      if (!isHome(request.url())) faults.push(`request to elsewhere: ${request.url()}`);
    });
    page.on('websocket', (socket) => {
      if (!isHome(socket.url())) faults.push(`socket to elsewhere: ${socket.url()}`);
    });
  }

  /**
   * Says that something which is usually wrong is meant here.
   * @param {Page} page
   * @param {RegExp} pattern of the words that `faults` has for it
   */
  allow(page, pattern) {
    this.#pages.get(page)?.allowed.push(pattern);
  }

  /** What went wrong so far. @param {Page} page @returns {string[]} */
  faults(page) {
    const { faults, allowed } = this.#pages.get(page) ?? { faults: [], allowed: [] };
    return faults.filter((fault) => !allowed.some((pattern) => pattern.test(fault)));
  }

  /**
   * Comes in by a name alone, from the first screen to the lobby.
   * @param {Page} page
   * @param {string} name
   */
  async guest(page, name) {
    await page.locator('input[name=name]').fill(name);
    await page.getByRole('button', { name: /guest|gast/i }).click();
    await page.waitForSelector('#screen[data-screen=lobby]');
  }

  /**
   * Keeps a picture of what is seen as `NAME.png`, in the folder that `HYPOGEUM_SHOTS` names; without one nothing is kept.
   * @param {Page} page
   * @param {string} name
   */
  async shot(page, name) {
    const folder = process.env.HYPOGEUM_SHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /**
   * Fails where axe finds that somebody could not use what is shown.
   * @param {Page} page
   */
  async axe(page) {
    // Evaluated by the debugger, which the page's policy does not bind.
    await page.evaluate(axeCore.source);
    const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document));
    const told = violations.map((/** @type {import('axe-core').Result} */ { id, help, nodes }) => {
      const places = nodes.slice(0, 5).map(({ html, failureSummary }) => `    ${html}\n      ${failureSummary?.replaceAll('\n', '\n      ')}`);
      return `  ${id}: ${help}\n${places.join('\n')}`;
    });
    assert.equal(told.length, 0, `axe at ${page.url()}:\n${told.join('\n')}`);
  }

  /**
   * Fails for whatever went wrong in it, and closes it; with its last tab its storage is gone.
   * @param {Page} page
   */
  async close(page) {
    const faults = this.faults(page);
    this.#pages.delete(page);
    const context = page.context();
    await page.close();
    if (!context.pages().length) await context.close();
    assert.deepEqual(faults, [], 'nothing goes wrong in the page');
  }

  /** Closes all that is open, and the browser. Fails as `close` does. */
  async end() {
    const faults = [...this.#pages.keys()].flatMap((page) => this.faults(page));
    this.#pages.clear();
    await this.browser.close();
    assert.deepEqual(faults, [], 'nothing went wrong in the pages that were left open');
  }
}
