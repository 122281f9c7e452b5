// What there is in the game, by the server's content: tables, names in the language chosen, and what the numbers of a match mean.

/** @typedef {{ name: string, hash: string, bytes: number }} Blob */

const PUBLIC = { isPublic: true };

/** Fetches blobs once each; a browser keeps them by their hashes. */
export class Content {
  /** Counts what was begun to be loaded: what an earlier one still brings is void. */
  #load = 0;
  /** The same of numbers. */
  #numbers = 0;
  /** What is loaded: the content's hash and the language. */
  #loaded = '';

  /** @param {import('../sdk/api.js').Api} api @param {import('./app.js').AppStore} store */
  constructor(api, store) {
    this.api = api;
    this.store = store;
  }

  /**
   * Loads what a welcome tells of, where it is not loaded already.
   * @param {Uint8Array} contentHash @param {string} locale
   */
  async follow(contentHash, locale) {
    const wanted = `${[...(contentHash ?? [])].join()}/${locale}`;
    if (wanted === this.#loaded) return;
    if (await this.load(locale)) this.#loaded = wanted;
  }

  /** All tables, and names in a language; in English where that has none. Returns whether nothing newer was begun meanwhile. @param {string} locale */
  async load(locale) {
    this.#loaded = '';
    this.#load += 1;
    const load = this.#load;
    /** @type {{ blobs: Blob[] }} */
    const { blobs } = await this.api.get('/v1/content', PUBLIC);
    const names = blobs.some(({ name }) => name === `names/${locale}`) ? `names/${locale}` : 'names/en';
    const wanted = blobs.filter(({ name }) => name.startsWith('tables/') || name === names);
    const read = await Promise.all(wanted.map(async ({ name, hash }) => [name, await this.api.get(`/v1/content/${hash}`, PUBLIC)]));
    if (load !== this.#load) return false;
    const tables = Object.fromEntries(
      read.filter(([name]) => name !== names).map(([name, { rows }]) => [name.slice('tables/'.length), rows]),
    );
    this.store.dispatch('http/content', { tables, names: read.find(([name]) => name === names)?.[1] ?? {} });
    return true;
  }

  /** What numbers mean in a match, or in a place of the world. @param {number | bigint} match @param {string} mode */
  async loadNumbers(match, mode) {
    this.#numbers += 1;
    const load = this.#numbers;
    /** @type {{ blobs: Blob[] }} */
    const { blobs } = await this.api.get('/v1/content', PUBLIC);
    const wanted = [`numbers/shard/${match}`, `numbers/mode/${mode}`, `numbers/zone/${mode}`, 'numbers/items'];
    const blob = wanted.map((name) => blobs.find((each) => each.name === name)).find((found) => found !== undefined);
    const numbers = blob ? await this.api.get(`/v1/content/${blob.hash}`, PUBLIC) : {};
    if (load === this.#numbers) this.store.dispatch('http/numbers', { match, numbers });
  }
}
