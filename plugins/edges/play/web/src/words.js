// The page's own words, in the language that was chosen. What the server says comes in that language already.

import { format, read } from './fluent.js';

export const LOCALES = ['en', 'de'];

/** Says things in one language, and in English what that lacks. */
export class Words {
  /** @type {import('./fluent.js').Messages} */
  #messages = new Map();
  #plural = new Intl.PluralRules('en');
  locale = 'en';

  /** @param {string} locale one of {@link LOCALES} @param {(locale: string) => Promise<string>} [load] the text of `locales/….ftl` */
  async use(locale, load = fetched) {
    const locales = [...new Set(['en', locale])];
    const all = await Promise.all(locales.map(async (each) => read(await load(each))));
    this.#messages = new Map(all.flatMap((messages) => [...messages]));
    this.#plural = new Intl.PluralRules(locale);
    this.locale = locale;
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} [values]
   */
  say(id, values = {}) {
    const pattern = this.#messages.get(id);
    return pattern === undefined ? id : format(pattern, values, this.#plural);
  }

  /** The language as this browser's person writes it, for numbers and dates: `en-GB`. */
  get tag() {
    return globalThis.navigator?.languages?.find((tag) => tag.split('-')[0] === this.locale) ?? this.locale;
  }

  /** A number as the language writes it. @param {number | bigint} number */
  number(number) {
    return number.toLocaleString(this.tag);
  }
}

/** @param {string} locale */
async function fetched(locale) {
  const answer = await fetch(new URL(`../locales/${locale}.ftl`, import.meta.url));
  if (!answer.ok) throw new Error(`no words in ${locale}: ${answer.status}`);
  return answer.text();
}
