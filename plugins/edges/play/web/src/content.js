// What there is in the game, by the server's content: tables, names in the language chosen, and what the numbers of a match mean.

/** @typedef {{ name: string, hash: string, bytes: number }} Blob */

/** Fetches blobs once each; a browser keeps them by their hashes. */
export class Content {
  /** @type {Blob[]} */
  #blobs = [];

  /** @param {import('../sdk/api.js').Api} api @param {import('./app.js').AppStore} store */
  constructor(api, store) {
    this.api = api;
    this.store = store;
  }

  /** All tables, and names in a language; in English where that has none. @param {string} locale */
  async load(locale) {
    this.#blobs = (await this.api.get('/v1/content')).blobs;
    const names = this.#blobs.some(({ name }) => name === `names/${locale}`) ? `names/${locale}` : 'names/en';
    const wanted = this.#blobs.filter(({ name }) => name.startsWith('tables/') || name === names);
    const read = await Promise.all(wanted.map(async ({ name, hash }) => [name, await this.api.get(`/v1/content/${hash}`)]));
    const tables = Object.fromEntries(
      read.filter(([name]) => name !== names).map(([name, { rows }]) => [name.slice('tables/'.length), rows]),
    );
    this.store.dispatch('http/content', { tables, names: read.find(([name]) => name === names)?.[1] ?? {} });
  }

  /** What numbers mean in a match, or in a place of the world. @param {number | bigint} match @param {string} mode */
  async loadNumbers(match, mode) {
    /** @type {{ blobs: Blob[] }} */
    const { blobs } = await this.api.get('/v1/content');
    this.#blobs = blobs;
    const wanted = [`numbers/shard/${match}`, `numbers/mode/${mode}`, `numbers/zone/${mode}`, 'numbers/items'];
    const blob = wanted.map((name) => blobs.find((each) => each.name === name)).find((found) => found !== undefined);
    const numbers = blob ? await this.api.get(`/v1/content/${blob.hash}`) : {};
    this.store.dispatch('http/numbers', { match, numbers });
  }
}
