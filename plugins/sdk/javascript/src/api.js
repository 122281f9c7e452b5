// What is asked over HTTP: accounts, logins, characters, the stash, creatures and their games, boards and the shop. Section 1 of
// PROTOCOL.md says what each answers; answers are returned as they come.

import { HypogeumError } from './errors.js';
import { Tokens } from './tokens.js';

/** Codes of 401 that another access token cures. */
const CURABLE = new Set(['token_expired', 'unauthorized']);
/** Largest answer that is read. */
const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;

/**
 * @typedef {object} ApiOptions
 * @property {import('./tokens.js').TokenStorage} [storage] where tokens are kept, `localStorage` say; without one they are in memory only
 * @property {string} [storageKey] under which name; where two accounts share a storage, each has its own
 * @property {number} [timeoutMs] how long an answer may take; 20 s
 * @property {number} [patienceMs] how long a request that is told to come back later does so by itself; 0: not at all
 * @property {typeof globalThis.fetch} [fetch]
 */

/**
 * @typedef {object} RequestOptions
 * @property {boolean} [isPublic] no access token is shown
 * @property {Record<string, string | number | bigint | undefined>} [query]
 * @property {AbortSignal} [signal]
 */

/** @typedef {import('../types/messages.js').ItemId} ItemId */
/** @typedef {{ speed?: number, health?: number, defence?: number, strength?: number, luck?: number }} Points */
/** @typedef {{ items?: { item: ItemId, version: number }[], currency?: number }} Goods */

/** One server, and one login to it. */
export class Api {
  /**
   * @param {string} url `http://HOST:PORT` or `https://HOST`
   * @param {ApiOptions} [options]
   */
  constructor(url, { storage, storageKey, timeoutMs = 20_000, patienceMs = 0, fetch } = {}) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) throw new HypogeumError('bad_url', `${url} is no http:// or https:// address`);
    /** Without a slash at its end. */
    this.url = parsed.href.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
    this.patienceMs = patienceMs;
    // Called as a method of something else it would be refused.
    this.fetch = fetch ?? ((/** @type {string} */ input, /** @type {RequestInit} */ init) => globalThis.fetch(input, init));
    this.tokens = new Tokens({
      post: (path, body) => this.request('POST', path, body, { isPublic: true }),
      storage,
      key: storageKey ?? `hypogeum-login:${this.url}`,
    });
  }

  /** Where the game's WebSocket is. */
  get socketUrl() {
    return `${this.url.replace(/^http/, 'ws')}/v1/socket`;
  }

  /**
   * Asks for something. An access token that the server refuses is refreshed once.
   * @param {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
   * @param {string} path from `/v1` on
   * @param {object} [body]
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   * @throws {HypogeumError}
   */
  async request(method, path, body, options = {}) {
    const until = Date.now() + this.patienceMs;
    for (let hasRefreshed = options.isPublic ?? false, refused = ''; ; ) {
      const token = options.isPublic ? undefined : await this.tokens.token({ refused });
      try {
        return await this.#once(method, path, body, options, token);
      } catch (error) {
        if (!(error instanceof HypogeumError)) throw error;
        if (!hasRefreshed && token && error.status === 401 && CURABLE.has(error.code)) {
          hasRefreshed = true;
          refused = token;
          continue;
        }
        // Refused is not done, so it may be asked again; what had no answer may have been done.
        const wait = error.retryAfterMs;
        if (wait === undefined || Date.now() + wait > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {RequestOptions} options
   * @param {string | undefined} token
   */
  async #once(method, path, body, { query = {}, signal }, token) {
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (body) headers['Content-Type'] = 'application/json';
    if (token) headers.Authorization = `Bearer ${token}`;
    const limit = AbortSignal.timeout(this.timeoutMs);
    /** @type {Response} */
    let answer;
    let text;
    try {
      answer = await this.fetch(url.href, {
        method,
        headers,
        body: body ? JSON.stringify(body) : undefined,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      text = await textOf(answer);
    } catch (cause) {
      if (signal?.aborted || cause instanceof HypogeumError) throw cause;
      throw new HypogeumError('unreachable', `no answer from ${method} ${url.origin}${path}`, { cause, about: path });
    }
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const parsed = isJson ? parse(text) : text;
    if (answer.ok) return parsed;
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    throw HypogeumError.of(parsed, { status: answer.status, about: path, retryAfterMs: Number.isFinite(seconds) ? 1_000 * seconds : undefined });
  }

  /** @param {string} path @param {RequestOptions} [options] */
  get(path, options) {
    return this.request('GET', path, undefined, options);
  }

  /** @param {string} path @param {object} [body] @param {RequestOptions} [options] */
  post(path, body, options) {
    return this.request('POST', path, body, options);
  }

  /** @param {string} path @param {object} [body] @param {RequestOptions} [options] */
  patch(path, body, options) {
    return this.request('PATCH', path, body, options);
  }

  /** @param {string} path @param {RequestOptions} [options] */
  delete(path, options) {
    return this.request('DELETE', path, undefined, options);
  }

  // Coming in, and leaving.

  /**
   * Makes an account; log in to it then.
   * @param {string} name
   * @param {string} password
   * @returns {Promise<{ account_id: number, name: string }>}
   */
  register(name, password) {
    return this.post('/v1/accounts', { name, password }, { isPublic: true });
  }

  /**
   * @param {string} name
   * @param {string} password
   */
  async login(name, password) {
    await this.tokens.take(await this.post('/v1/login', { name, password }, { isPublic: true }));
    return this;
  }

  /**
   * Comes in by a name alone, where the server takes guests. Nothing of worth is safe in such an account.
   * @param {string} name
   */
  async guest(name) {
    await this.tokens.take(await this.post('/v1/guests', { name }, { isPublic: true }), name);
    return this;
  }

  /**
   * Goes on with the login that the storage holds.
   * @returns {Promise<boolean>} whether it holds one
   */
  restore() {
    return this.tokens.restore();
  }

  /** Closes this login on the server, and forgets it here. */
  async logout() {
    const answer = await this.post('/v1/logout');
    await this.tokens.forget();
    return answer;
  }

  /** Closes every login of the account. */
  async logoutEverywhere() {
    const answer = await this.post('/v1/logout/everywhere');
    await this.tokens.forget();
    return answer;
  }

  // Characters.

  characters() {
    return this.get('/v1/characters');
  }

  /** @param {string} name */
  createCharacter(name) {
    return this.post('/v1/characters', { name });
  }

  /** @param {number} id */
  deleteCharacter(id) {
    return this.delete(`/v1/characters/${id}`);
  }

  // What one has.

  stash() {
    return this.get('/v1/stash');
  }

  trades() {
    return this.get('/v1/trades');
  }

  /** @param {number} to @param {Goods} gives @param {Goods} [wants] */
  proposeTrade(to, gives, wants) {
    return this.post('/v1/trades', { to, gives, wants });
  }

  /** @param {number} id */
  acceptTrade(id) {
    return this.post(`/v1/trades/${id}/accept`);
  }

  /** @param {number} id */
  cancelTrade(id) {
    return this.delete(`/v1/trades/${id}`);
  }

  shop() {
    return this.get('/v1/shop');
  }

  /**
   * Buys at the price that was seen. By the same `key`, any number not used before, nothing is bought twice.
   * @param {string} template
   * @param {number} price
   * @param {number} key
   */
  buy(template, price, key) {
    return this.post('/v1/shop/buy', { key, template, price });
  }

  /** @param {ItemId} item @param {number} version @param {number} price */
  sell(item, version, price) {
    return this.post('/v1/shop/sell', { item, version, price });
  }

  // Creatures, and their games.

  creatureTypes() {
    return this.get('/v1/creature-types', { isPublic: true });
  }

  creatures() {
    return this.get('/v1/creatures');
  }

  /** @param {number} id */
  creature(id) {
    return this.get(`/v1/creatures/${id}`);
  }

  /** @param {{ name: string, type: string, points?: Points, key?: string }} creature */
  createCreature(creature) {
    return this.post('/v1/creatures', creature);
  }

  /** @param {number} id @param {string} name */
  renameCreature(id, name) {
    return this.patch(`/v1/creatures/${id}`, { name });
  }

  /** @param {number} id @param {Points} points @param {string} [key] */
  allocateStats(id, points, key) {
    return this.post(`/v1/creatures/${id}/allocate-stats`, { points, key });
  }

  /** @param {number} id */
  releaseCreature(id) {
    return this.delete(`/v1/creatures/${id}`);
  }

  tournaments() {
    return this.get('/v1/tournaments', { isPublic: true });
  }

  /** @param {{ before?: number, count?: number }} [page] */
  games(page = {}) {
    return this.get('/v1/games', { query: page });
  }

  /** @param {{ after?: number, count?: number }} [page] */
  openGames(page = {}) {
    return this.get('/v1/open-games', { query: page });
  }

  /**
   * Starts a game with creatures of one's own, or with `open` one that people enter.
   * @param {{ creature_ids?: number[], open?: { starts_in_s: number }, tournament?: string, size?: number, opponents?: string, key?: string }} game
   */
  createGame(game) {
    return this.post('/v1/games', game);
  }

  /** @param {number} id */
  game(id) {
    return this.get(`/v1/games/${id}`);
  }

  /** @param {number} id */
  gameEntries(id) {
    return this.get(`/v1/games/${id}/entries`);
  }

  /** @param {number} id */
  gameBracket(id) {
    return this.get(`/v1/games/${id}/bracket`);
  }

  /** @param {number} id @param {number} creatureId @param {string} [key] */
  enterGame(id, creatureId, key) {
    return this.post(`/v1/games/${id}/enter`, { creature_id: creatureId, key });
  }

  /** @param {number} id @param {number} creatureId */
  leaveGame(id, creatureId) {
    return this.post(`/v1/games/${id}/leave`, { creature_id: creatureId });
  }

  /** @param {number} id */
  callOffGame(id) {
    return this.post(`/v1/games/${id}/call-off`);
  }

  /** @param {number} id @param {{ entrant: number, pairing: number, game: number, turn: number, move: 'attack' | 'defend' | 'special' }} move */
  move(id, move) {
    return this.post(`/v1/games/${id}/move`, move);
  }

  /** @param {number} id @param {number} entrant @param {Points} points @param {string} [key] */
  allocateGameStats(id, entrant, points, key) {
    return this.post(`/v1/games/${id}/allocate-stats`, { entrant, points, key });
  }

  /** @param {number} id @param {number} entrant */
  gameReady(id, entrant) {
    return this.post(`/v1/games/${id}/ready`, { entrant });
  }

  /** @param {number} id @param {number} entrant */
  withdraw(id, entrant) {
    return this.post(`/v1/games/${id}/withdraw`, { entrant });
  }

  // Ladders and boards.

  ladders() {
    return this.get('/v1/ladders', { isPublic: true });
  }

  /** @param {string} key @param {number} [accountId] */
  ladderRating(key, accountId) {
    return this.get(`/v1/ladders/${encodeURIComponent(key)}/rating`, { query: { account_id: accountId } });
  }

  ladderPlace() {
    return this.get('/v1/ladder-queue');
  }

  /** @param {string} ladder @param {number} creatureId @param {string} [key] */
  joinLadder(ladder, creatureId, key) {
    return this.post('/v1/ladder-queue', { ladder, creature_id: creatureId, key });
  }

  leaveLadder() {
    return this.delete('/v1/ladder-queue');
  }

  leaderboards() {
    return this.get('/v1/leaderboards', { isPublic: true });
  }

  /** @param {string} key @param {{ season?: number, from?: number, after?: string, count?: number }} [part] */
  leaderboard(key, part = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}`, { query: part });
  }

  /** @param {string} key @param {{ account_id?: number, season?: number, count?: number }} [part] */
  leaderboardAround(key, part = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}/around`, { query: part });
  }

  /** @param {string} key @param {{ before?: number, count?: number }} [page] */
  leaderboardSeasons(key, page = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}/seasons`, { query: page });
  }
}

/**
 * The text of an answer, as far as it is one that is read at all.
 * @param {Response} answer
 */
async function textOf(answer) {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = answer.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new HypogeumError('unreadable', `the answer has more than ${ANSWER_BYTES_MAX} bytes`, { status: answer.status });
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HypogeumError('unreadable', 'the answer is not JSON', { cause });
  }
}
