// The tokens of one login: kept, and refreshed, by one at a time.

import { HypogeumError } from './errors.js';
import { withLock } from './lock.js';

/**
 * What `POST /v1/login`, `/v1/refresh` and `/v1/guests` answer.
 * @typedef {object} LoginAnswer
 * @property {string} access_token
 * @property {number} expires_in_s
 * @property {number} account_id
 * @property {string} [refresh_token]
 * @property {number} [refresh_expires_in_s]
 */

/**
 * What is kept of a login.
 * @typedef {object} KeptTokens
 * @property {number} accountId
 * @property {string} accessToken
 * @property {number} expiresAtMs since 1970, by this machine's clock
 * @property {string} [refreshToken] good once
 * @property {string} [guestName] of a guest, who comes in again by name
 */

/**
 * Where tokens may be kept: `localStorage` is one, and so is anything with the same three functions; they may return promises. Who can
 * read it can play as the account.
 * @typedef {object} TokenStorage
 * @property {(key: string) => string | null | Promise<string | null>} getItem
 * @property {(key: string, value: string) => unknown} setItem
 * @property {(key: string) => unknown} removeItem
 */

/** An access token with so little left is replaced before it is shown. */
const AHEAD_MS = 10_000;

let stores = 0;

/** See the head of this file. */
export class Tokens {
  /** @type {KeptTokens | undefined} */
  #kept;
  /** @type {Promise<string> | undefined} */
  #refreshing;
  #lockName;

  /**
   * @param {{ post: (path: string, body: object) => Promise<any>, storage?: TokenStorage, key: string }} options
   */
  constructor({ post, storage, key }) {
    this.post = post;
    this.storage = storage;
    this.key = key;
    // Who shares a storage shares the lock; without one nobody else has these tokens.
    stores += 1;
    this.#lockName = storage ? key : `${key}#${stores}`;
  }

  /** Whose they are; nothing without a login. */
  get accountId() {
    return this.#kept?.accountId;
  }

  /** How long the access token is good for; negative where it is not. */
  get leftMs() {
    return this.#kept ? this.#kept.expiresAtMs - Date.now() : -1;
  }

  /**
   * Takes what a login was answered with.
   * @param {LoginAnswer} answer
   * @param {string} [guestName]
   */
  async take(answer, guestName) {
    const { access_token: accessToken, expires_in_s: seconds, account_id: accountId, refresh_token: refreshToken } = answer;
    const kept = { accountId, accessToken, expiresAtMs: Date.now() + 1_000 * seconds, refreshToken, guestName };
    this.#kept = kept;
    try {
      // Kept before it is used: a refresh token that was lost is a login that was lost.
      await this.storage?.setItem(this.key, JSON.stringify(kept));
    } catch {
      // A storage that is full or forbidden: this page goes on with what it has in memory.
    }
  }

  /**
   * Takes what an earlier page or process left in the storage.
   * @returns {Promise<boolean>} whether there is something
   */
  async restore() {
    this.#kept = (await this.#stored()) ?? this.#kept;
    return this.#kept !== undefined;
  }

  /** Forgets them, here and in the storage. */
  async forget() {
    this.#kept = undefined;
    if (this.storage) await this.storage.removeItem(this.key);
  }

  /**
   * An access token that is good, as far as this side knows. It is refreshed where it is not: because it ends, or because the server
   * has refused it. However many ask at once, there is one refresh, also among all tabs that share the storage.
   * @param {{ refused?: string, aheadMs?: number }} [options] `refused`: the server did not take this one; `aheadMs`: it has to be good for so long
   * @returns {Promise<string>}
   * @throws {HypogeumError} `not_logged_in`, `not_refreshable`, `refresh_refused`, `refresh_reused`, or that the server was not reached
   */
  async token({ refused, aheadMs = AHEAD_MS } = {}) {
    const isGood = (/** @type {KeptTokens} */ kept) => kept.accessToken !== refused && kept.expiresAtMs - Date.now() > aheadMs;
    if (!this.#kept) throw new HypogeumError('not_logged_in', 'log in first');
    if (isGood(this.#kept)) return this.#kept.accessToken;
    this.#refreshing ??= withLock(this.#lockName, () => this.#refresh(isGood)).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /**
   * With the lock held.
   * @param {(kept: KeptTokens) => boolean} isGood
   */
  async #refresh(isGood) {
    // Another tab may have done it while this one waited.
    const stored = await this.#stored();
    // One that ends earlier was left there by a write that failed, and is used up.
    if (stored && stored.expiresAtMs >= (this.#kept?.expiresAtMs ?? 0)) this.#kept = stored;
    const kept = this.#kept;
    if (!kept) throw new HypogeumError('not_logged_in', 'log in first');
    if (isGood(kept)) return kept.accessToken;
    const { guestName, refreshToken } = kept;
    if (guestName !== undefined) await this.take(await this.post('/v1/guests', { name: guestName }), guestName);
    else if (refreshToken !== undefined) await this.#useUp(refreshToken);
    else throw new HypogeumError('not_refreshable', 'this login has no refresh token: log in again');
    return this.#kept?.accessToken ?? '';
  }

  /**
   * Shows a refresh token for the next tokens. One that is not good any more is forgotten, and its login with it.
   * @param {string} refreshToken
   */
  async #useUp(refreshToken) {
    try {
      await this.take(await this.post('/v1/refresh', { refresh_token: refreshToken }));
    } catch (error) {
      const isOver = error instanceof HypogeumError && error.status === 401;
      if (isOver) {
        const stored = await this.#stored();
        if (!stored || stored.refreshToken === refreshToken) await this.forget();
      }
      throw error;
    }
  }

  /** @returns {Promise<KeptTokens | undefined>} */
  async #stored() {
    const text = await this.storage?.getItem(this.key);
    if (!text) return undefined;
    try {
      const kept = JSON.parse(text);
      const isWhole = typeof kept?.accessToken === 'string' && typeof kept.expiresAtMs === 'number';
      return isWhole ? kept : undefined;
    } catch {
      return undefined;
    }
  }
}
