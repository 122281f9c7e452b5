// The shop: what it sells, and at what price.

import { HypogeumError } from '../../../sdk/errors.js';
import { fill, h, keep, text } from '../../dom.js';
import { itemName } from '../../names.js';
import { itemAbout, itemRow, kindOf, showItem } from './items.js';
import { looks } from './looks.js';
import { readWhileIn } from './reading.js';

/** How often a purchase without an answer is asked for again, by the same number. */
const TRIES_MAX = 3;

/** @typedef {import('../../state/lobby.js').Ware} Ware */

/** @type {import('../lobby.js').Part} */
export const shop = (root, context) => {
  const { store, words, link } = context;
  const purse = h('p', { class: 'muted number', role: 'status' });
  const list = h('ul', { class: 'items wares' });
  const worn = h('div', {});
  fill(root, h('section', { class: 'shop' }, h('h2', {}, words.say('lobby-shop')), purse, list), worn);
  const show = () => {
    const { shop: wares, profile, stash } = store.state.lobby;
    const purseHolds = profile?.currency ?? stash?.currency;
    text(purse, purseHolds === undefined ? '' : words.say('lobby-purse', { currency: words.number(purseHolds) }));
    list.setAttribute('aria-busy', String(wares === undefined));
    keep(
      list,
      wares ?? [],
      ({ template }) => template,
      ({ template }) => itemRow(h('button', { class: 'buy', type: 'button', onclick: (/** @type {MouseEvent} */ { currentTarget }) => void buy(template, /** @type {HTMLButtonElement} */ (currentTarget), context) })),
      (row, { template, buy_price: price }) => {
        const name = itemName(store.state, template);
        showItem(row, name, itemAbout(context, template), kindOf(store.state, template));
        const button = /** @type {HTMLButtonElement} */ (row.querySelector('button'));
        button.disabled = purseHolds !== undefined && purseHolds < price;
        button.setAttribute('aria-label', words.say('lobby-buy-name', { name, price: words.number(price) }));
        text(button, words.number(price));
      },
    );
  };
  const ends = [looks(worn, context), readWhileIn(context, () => void link.ask('shop', link.api.shop())), store.watch(({ lobby }) => lobby.shop, show), store.watch(({ lobby }) => lobby.profile, show), store.watch(({ content }) => content, show)];
  return () => ends.forEach((end) => end());
};

/** @param {string} template @param {HTMLButtonElement} button @param {import('../../router.js').Context} context */
async function buy(template, button, { store, words, link }) {
  const ware = store.state.lobby.shop?.find((each) => each.template === template);
  if (!ware || button.classList.contains('busy')) return;
  button.classList.add('busy');
  const bought = await link.ask('bought', purchase(link.api, ware));
  button.classList.remove('busy');
  if (bought) store.dispatch('ui/news', { words: words.say('lobby-bought', { name: itemName(store.state, template), price: words.number(ware.buy_price) }) });
  await Promise.all([link.ask('profile', link.api.get('/v1/profile')), link.ask('shop', link.api.shop())]);
}

/** Buys once, however often it has to be asked: each purchase has a number of its own. @param {Pick<import('../../../sdk/api.js').Api, 'buy'>} api @param {Ware} ware */
export async function purchase(api, { template, buy_price: price }, key = crypto.getRandomValues(new Uint32Array(1))[0] * 0x100000 + (Date.now() % 0x100000)) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.buy(template, price, key);
    } catch (error) {
      const isUnanswered = error instanceof HypogeumError && (error.code === 'unreachable' || error.code === 'timeout');
      if (!isUnanswered || attempt >= TRIES_MAX) throw error;
    }
  }
}
