// The page's session: logs in, connects, comes back, and tells the store what happens.

import { Api, Client, HypogeumError } from '../sdk/index.js';
import { Content } from './content.js';
import { isDead, isPassing, pauseAfter } from './faults.js';
import { begun } from './state/place.js';

/** @typedef {import('./app.js').AppStore} AppStore */
/** @typedef {import('../sdk/tokens.js').TokenStorage} TokenStorage */

/** Messages that come many times a second, or that nobody shows: the view asks the lane of the client for what they say. */
const UNTOLD = new Set(['snapshot', 'pong', 'chunk', 'renewed', 'told', 'game_told', 'events', 'error']);
/** Messages that count from when they are heard: told with `heard_ms`, since 1970. */
const TIMED = new Set(['queued', 'loadout_open']);
/** Errors of a connection that has ended, or was replaced: the bar shows how it stands. */
const ELSEWHERE = new Set(['superseded', 'closed', 'taken_over']);

/** That of the browser; where it has none for this page, the page keeps things for itself. @returns {TokenStorage} */
function ownStorage() {
  try {
    return localStorage;
  } catch {
    /** @type {Map<string, string>} */
    const kept = new Map();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
  }
}

/** See the head of this file. */
export class Link {
  /** @type {Client | undefined} */
  client;
  /** Counts clients: what an earlier one still says is void. */
  #life = 0;
  /** Counts logins: what was asked under an earlier one is void. */
  #login = 0;
  /** @type {(() => void) | undefined} ends a pause between two tries */
  #wake;
  /** @type {Promise<unknown>} a logout that is under way */
  #leaving = Promise.resolve();
  /** @type {WeakSet<object>} errors that show elsewhere than as notices */
  #told = new WeakSet();

  /**
   * @param {AppStore} store
   * @param {{ url?: string, storage?: TokenStorage, pauses?: Partial<import('../sdk/backoff.js').Pauses> }} [options]
   */
  constructor(store, { url = location.origin, storage = ownStorage(), pauses } = {}) {
    this.store = store;
    this.storage = storage;
    this.pauses = pauses;
    this.api = new Api(url, { storage });
    this.content = new Content(this.api, store);
  }

  /** Goes on with the login that is kept, if there is one. Returns whether there was. */
  async restore() {
    if (await this.api.restore()) return this.#entered();
    this.store.dispatch('link/logged_out', { reason: '' });
    return false;
  }

  /** @param {string} name @param {string} password */
  async login(name, password) {
    await this.#leaving;
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
    await this.#leaving;
    await this.api.guest(name);
    await this.#entered();
  }

  /** Leaves at once; the server is told meanwhile, and where it is not reached the login is forgotten here all the same. */
  async logout() {
    this.#out('');
    this.#leaving = this.api.logout().catch(() => this.api.tokens.forget());
    await this.#leaving;
  }

  /** Leaves on every device. Where the server is not reached nothing has changed. */
  async logoutEverywhere() {
    await this.api.logoutEverywhere();
    this.#out('');
  }

  /** @param {string} reason why, where somebody else wanted it */
  #out(reason) {
    this.#end();
    this.#login += 1;
    this.store.dispatch('link/logged_out', { reason });
  }

  /** Somebody is logged in: goes on to connect, which the store is told of. */
  async #entered() {
    this.#login += 1;
    const login = this.#login;
    const { accountId } = this.api.tokens;
    this.store.dispatch('link/logged_in', { accountId });
    const kept = await this.storage.getItem(`hypogeum-character:${accountId}`);
    if (login !== this.#login) return true;
    const characterId = Number(kept);
    void this.connect(kept && Number.isSafeInteger(characterId) ? characterId : undefined).catch((error) => this.failed(error));
    return true;
  }

  /**
   * Connects, as a character where one is named. An earlier connection ends by it. It tries until it is in, or is told that it will not be.
   * @param {number} [characterId]
   */
  async connect(characterId) {
    this.#end();
    const life = this.#life;
    const { locale } = this.store.state.settings;
    const client = new Client(this.api, { client: 'play', locale, characterId, lane: true, pauses: this.pauses });
    this.client = client;
    this.#listen(client, life);
    this.store.dispatch('link/connecting', { characterId });
    await this.#enter(client, life);
    await this.#keepCharacter(characterId);
  }

  /** @param {number | undefined} characterId */
  async #keepCharacter(characterId) {
    const key = `hypogeum-character:${this.api.tokens.accountId}`;
    try {
      await (characterId === undefined ? this.storage.removeItem(key) : this.storage.setItem(key, String(characterId)));
    } catch {
      // A full or closed storage: the next page begins without a character.
    }
  }

  /** @param {Client} client @param {number} life */
  #listen(client, life) {
    const tell = (/** @type {string} */ type, /** @type {unknown} */ payload) => life === this.#life && this.store.dispatch(type, payload);
    client.on('message', ({ type, payload }) => {
      if (type === 'match_started') tell('server/match_started', begun(client.welcome, payload));
      else if (!UNTOLD.has(type)) tell(`server/${type}`, TIMED.has(type) ? { .../** @type {object} */ (payload), heard_ms: Date.now() } : payload);
    });
    client.on('told', (told) => tell('server/told', told));
    client.on('game_told', (told) => tell('server/game_told', told));
    client.on('events', (events) => tell('server/events', events));
    client.on('ground', (blocks) => tell('link/ground', blocks));
    client.on('connected', (welcome) => {
      tell('link/connected', welcome);
      if (life === this.#life) void this.content.follow(welcome.content_hash, welcome.locale).catch((error) => this.failed(error));
    });
    client.on('match_started', ({ match_id: match, mode }) => {
      if (life === this.#life) void this.content.loadNumbers(match, mode).catch((error) => this.failed(error));
    });
    client.on('reconnecting', (attempt) => tell('link/reconnecting', attempt));
    client.on('closed', (error) => life === this.#life && this.#closed(client, life, error));
    client.on('error', (error) => life === this.#life && this.failed(error));
  }

  /**
   * Tries until the server lets the client in. What ends the tries is told, and thrown.
   * @param {Client} client @param {number} life
   * @param {unknown} [lost] why it has to come back
   */
  async #enter(client, life, lost) {
    for (let attempt = 0, error = lost; ; attempt += 1) {
      if (error !== undefined) await this.#pause(attempt, error);
      try {
        if (life === this.#life) return void (await client.connect());
      } catch (failed) {
        error = failed;
      }
      if (life !== this.#life) throw new HypogeumError('superseded', 'another connection was made meanwhile');
      if (isPassing(error)) continue;
      this.#refused(error);
      throw error;
    }
  }

  /**
   * @param {number} attempt from 0
   * @param {unknown} error why there is another one
   */
  async #pause(attempt, error) {
    const pauseMs = pauseAfter(attempt, error, this.pauses);
    this.store.dispatch('link/reconnecting', { attempt: this.store.state.session.attempt + 1, pauseMs, error });
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
    this.#wake = undefined;
  }

  /**
   * The client has given up. Where it was the network it goes on to try, slowly: a server may be away for an hour.
   * @param {Client} client @param {number} life @param {HypogeumError} error
   */
  #closed(client, life, error) {
    if (!isPassing(error)) return this.#refused(error);
    void this.#enter(client, life, error).catch((failed) => this.failed(failed));
  }

  /** It is not let in, and trying again would not help. @param {unknown} error */
  #refused(error) {
    if (isDead(error)) return this.#dead(error);
    this.#told.add(/** @type {object} */ (error));
    if (!(error instanceof HypogeumError) || error.code !== 'no_such_character') return void this.store.dispatch('link/closed', error);
    // It was deleted elsewhere: whoever played it goes on without.
    this.store.dispatch('link/error', error);
    void this.connect().catch((failed) => this.failed(failed));
  }

  /** The login is over, on the server. @param {HypogeumError} error */
  #dead(error) {
    if (this.store.state.session.stand === 'out') return;
    this.#out(error.message);
    this.#leaving = Promise.resolve(this.api.tokens.forget()).catch(() => undefined);
  }

  /** Connects again where the session has ended: another tab took it, or the server would not have it. */
  async connectAgain() {
    const { stand, characterId } = this.store.state.session;
    if (stand === 'elsewhere' || stand === 'closed') await this.connect(characterId);
    else this.hurry();
  }

  /** Tries at once where it waits to try again: the network is there again, or somebody looks at the page again. */
  hurry() {
    this.#wake?.();
    this.client?.hurry();
  }

  /** Another tab has logged in or out in the storage that they share: this one is out then, and takes nothing over. */
  async follow() {
    const { accountId } = this.store.state.session;
    if (accountId === undefined) return;
    const text = (await this.storage.getItem(this.api.tokens.key)) ?? '';
    if (!text.includes(`"accountId":${accountId},`)) this.#out('');
  }

  /** Says the server's words in another language: at once where nothing is lost by it, else from the next connection on. @param {string} locale */
  speak(locale) {
    if (!this.client) return;
    this.client.options.locale = locale;
    const { session, lobby } = this.store.state;
    const isFree = session.stand === 'open' && !session.place && !lobby.queue && !lobby.loadout;
    if (isFree) void this.connect(session.characterId).catch((error) => this.failed(error));
    else void this.content.load(locale).catch((error) => this.failed(error));
  }

  #end() {
    this.#life += 1;
    this.#wake?.();
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
    const login = this.#login;
    try {
      const answer = await asked;
      // Whoever is logged in by now is not told what somebody else has.
      if (login !== this.#login) return undefined;
      this.store.dispatch(`http/${name}`, answer);
      return answer;
    } catch (error) {
      if (login === this.#login) this.failed(error);
      return undefined;
    }
  }

  /** Tells of what went wrong, unless it shows elsewhere already. @param {unknown} error */
  failed(error) {
    if (!(error instanceof HypogeumError)) throw error;
    if (this.#told.has(error) || error.closeCode !== undefined || ELSEWHERE.has(error.code)) return;
    if (isDead(error)) this.#dead(error);
    else this.store.dispatch('link/error', error);
  }
}
