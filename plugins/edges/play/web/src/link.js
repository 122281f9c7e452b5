// The page's session: logs in, connects, comes back, and tells the store what happens.

import { Api, Client, HypogeumError } from '../sdk/index.js';
import { Content } from './content.js';

/** @typedef {import('./app.js').AppStore} AppStore */

/** Messages that come many times a second, or that nobody shows: the view asks the lane of the client for what they say. */
const UNTOLD = new Set(['snapshot', 'pong', 'chunk', 'renewed', 'told', 'game_told', 'events', 'error']);

/** See the head of this file. */
export class Link {
  /** @type {Client | undefined} */
  client;
  /** Counts clients: what an earlier one still says is void. */
  #life = 0;

  /**
   * @param {AppStore} store
   * @param {{ url?: string, storage?: import('../sdk/tokens.js').TokenStorage }} [options]
   */
  constructor(store, { url = location.origin, storage = localStorage } = {}) {
    this.store = store;
    this.api = new Api(url, { storage });
    this.content = new Content(this.api, store);
  }

  /** Goes on with the login that is kept, if there is one. Returns whether there was. */
  async restore() {
    if (!(await this.api.restore())) return false;
    await this.#entered();
    return true;
  }

  /** @param {string} name @param {string} password */
  async login(name, password) {
    await this.api.login(name, password);
    await this.#entered();
  }

  /** @param {string} name @param {string} password */
  async register(name, password) {
    await this.api.register(name, password);
    await this.login(name, password);
  }

  /** @param {string} name */
  async guest(name) {
    await this.api.guest(name);
    await this.#entered();
  }

  async logout() {
    this.#end();
    await this.api.logout().catch(() => undefined);
    this.store.dispatch('link/logged_out');
  }

  async #entered() {
    this.store.dispatch('link/logged_in', { accountId: this.api.tokens.accountId });
    await this.connect();
  }

  /**
   * Connects, as a character where one is named. An earlier connection ends by it.
   * @param {number} [characterId]
   */
  async connect(characterId) {
    this.#end();
    const life = this.#life;
    const locale = this.store.state.settings.locale;
    const client = new Client(this.api, { client: 'play', locale, characterId, lane: true });
    this.client = client;
    const tell = (/** @type {string} */ type, /** @type {unknown} */ payload) => life === this.#life && this.store.dispatch(type, payload);
    client.on('message', ({ type, payload }) => {
      if (!UNTOLD.has(type)) tell(`server/${type}`, payload);
    });
    client.on('told', (told) => tell('server/told', told));
    client.on('game_told', (told) => tell('server/game_told', told));
    client.on('events', (events) => tell('server/events', events));
    client.on('ground', (blocks) => tell('link/ground', blocks));
    client.on('connected', (welcome) => {
      tell('link/connected', welcome);
      void this.content.load(locale).catch((error) => this.failed(error));
    });
    client.on('match_started', ({ match_id: match, mode }) => void this.content.loadNumbers(match, mode).catch((error) => this.failed(error)));
    client.on('reconnecting', (attempt) => tell('link/reconnecting', attempt));
    client.on('closed', (error) => tell('link/closed', error));
    client.on('error', (error) => tell('link/error', error));
    this.store.dispatch('link/connecting', { characterId });
    try {
      await client.connect();
    } catch (error) {
      tell('link/closed', error);
      throw error;
    }
  }

  /** Connects again where the session has ended: another tab took it, or the network was away for long. */
  async connectAgain() {
    if (this.client && this.client.state !== 'closed' && this.client.state !== 'idle') return;
    await this.connect(this.store.state.session.characterId);
  }

  #end() {
    this.#life += 1;
    this.client?.close();
    this.client = undefined;
  }

  /**
   * Asks over HTTP and tells the store of the answer as `http/NAME`, or of what went wrong as a notice.
   * @template T
   * @param {string} name
   * @param {Promise<T>} asked
   * @returns {Promise<T | undefined>}
   */
  async ask(name, asked) {
    try {
      const answer = await asked;
      this.store.dispatch(`http/${name}`, answer);
      return answer;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** Tells of what went wrong. @param {unknown} error */
  failed(error) {
    if (!(error instanceof HypogeumError)) throw error;
    this.store.dispatch('link/error', error);
  }
}
