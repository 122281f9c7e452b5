// What is on with others: the table of a trade, the list of a shop, and a talk.

import { fill, h, keep, text } from '../../dom.js';
import { nameOf } from '../../state/content.js';
import { said } from '../../state/deals.js';
import { takeDrops } from './bag.js';

/** @typedef {import('../../../types/messages.js').CarriedItem} CarriedItem */

/** See the head of this file. */
export class Deals {
  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    this.trade = h('section', { class: 'world-deal', 'aria-label': this.say('world-trade') });
    this.shop = h('section', { class: 'world-deal', 'aria-label': this.say('world-shop') });
    this.talk = h('section', { class: 'world-deal', 'aria-label': this.say('world-talk') });
    takeDrops(this.shop, hands, ({ id, version }) => {
      const { wares } = hands.world;
      if (wares) hands.command({ sell: { to: wares.who, item: id, count: null, seen: version } });
    });
    this.root = h('div', { class: 'world-panel world-deals' }, this.trade, this.shop, this.talk);
  }

  /** Whether anything is on. @param {import('../../state/deals.js').Deals} deals */
  static isOn = ({ trade, wares, talk }) => trade !== undefined || wares !== undefined || talk !== undefined;

  start() {
    const { store } = this.context;
    const ends = [
      store.watch(({ world }) => world.trade, () => this.#showTrade()),
      store.watch(({ world }) => world.wares, () => this.#showShop()),
      store.watch(({ world }) => world.items, () => {
        this.#showTrade();
        this.#showShop();
      }),
      store.watch(({ world }) => world.talk, (talk, before) => this.#showTalk(talk, before)),
    ];
    return () => ends.forEach((end) => end());
  }

  /** @param {string} title @param {() => void} close */
  #head(title, close) {
    return h('div', { class: 'row world-deal-head' }, h('h2', {}, title), h('button', { class: 'plain', 'aria-label': this.say('world-end', { what: title }), onclick: close }, '×'));
  }

  #showTrade() {
    const { trade, items } = this.hands.world;
    this.trade.hidden = !trade;
    if (!trade) return fill(this.trade);
    const { name, table } = trade;
    const head = this.#head(this.say('world-trade-with', { name }), () => this.hands.command('cancel'));
    if (trade.stage !== 'open') {
      const isAsked = trade.stage === 'asked';
      const accept = h('button', { class: 'primary', onclick: () => this.#takeUp(name) }, this.say('world-trade-begin'));
      fill(this.trade, head, h('p', { role: 'status' }, this.say(isAsked ? 'world-trade-asked' : 'world-trade-asking', { name })), isAsked && accept);
      return;
    }
    const own = table?.own ?? [];
    const isOffered = (/** @type {CarriedItem} */ { id }) => own.some((one) => one.id === id);
    const mine = h('ul', { class: 'world-table', role: 'list', 'aria-label': this.say('world-you-offer') }, own.map((item) => this.#row(item, 'world-withdraw', () => this.hands.command({ withdraw: { item: item.id } }))));
    takeDrops(mine, this.hands, (item) => this.hands.command({ offer: { item: item.id } }));
    const theirs = h('ul', { class: 'world-table', role: 'list', 'aria-label': this.say('world-they-offer', { name }) }, (table?.their ?? []).map((item) => this.#row(item)));
    const held = items.filter((item) => !item.equipped && !isOffered(item));
    const agreed = (/** @type {boolean} */ is) => h('span', { class: is ? 'good small' : 'muted small' }, this.say(is ? 'world-agreed' : 'world-not-agreed'));
    const at = document.activeElement instanceof HTMLElement && this.trade.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    fill(
      this.trade,
      head,
      h('div', { class: 'world-sides' }, h('div', {}, h('h3', {}, this.say('world-you-offer')), agreed(trade.own), mine), h('div', {}, h('h3', {}, this.say('world-they-offer', { name })), agreed(trade.their), theirs)),
      h('div', { class: 'row' },
        h('button', { class: 'primary', 'data-focus': 'accept', disabled: trade.own, onclick: () => this.hands.command({ accept: { seen: table?.version ?? null } }) }, this.say('world-accept')),
        h('button', { 'data-focus': 'cancel', onclick: () => this.hands.command('cancel') }, this.say('world-cancel'))),
      h('h3', {}, this.say('world-yours')),
      h('ul', { class: 'world-list', role: 'list' }, held.map((item) => this.#row(item, 'world-offer', () => this.hands.command({ offer: { item: item.id } })))),
    );
    if (at) /** @type {HTMLElement | null} */ (this.trade.querySelector(`[data-focus="${at}"]`) ?? this.trade.querySelector('button.primary'))?.focus();
  }

  /** Takes up what somebody has asked for. @param {string} name */
  #takeUp(name) {
    const who = Object.entries(this.hands.world.names).find(([, known]) => known === name)?.[0];
    if (who) this.hands.command({ trade: { with: Number(who) } });
    else this.hands.type(`trade ${name}`);
  }

  /** @param {CarriedItem} item @param {string} [word] @param {() => void} [onclick] */
  #row(item, word, onclick) {
    const name = this.hands.itemName(item);
    const action = word && h('button', { class: 'small', 'data-focus': `${word}-${item.id}`, 'aria-label': `${this.say(word)}: ${name}`, onclick }, this.say(word));
    return h('li', { class: item.state.inside ? 'inside' : '' }, h('span', {}, name), action);
  }

  #showShop() {
    const { store } = this.context;
    const { wares, items } = this.hands.world;
    this.shop.hidden = !wares;
    if (!wares) return fill(this.shop);
    const { content } = store.state;
    const seller = this.hands.seen(wares.who);
    const title = seller ? this.say('world-shop-of', { name: this.hands.nameOf(seller) }) : this.say('world-shop');
    const coins = items.filter(({ template }) => template === wares.coin).reduce((sum, { state }) => sum + state.count, 0);
    const cost = (/** @type {number} */ price) => h('span', { class: 'number world-price' }, price);
    const item = (/** @type {string} */ key) => nameOf(content, 'item', key);
    const sold = wares.sells.map(([key, price]) =>
      h('li', {}, h('span', {}, item(key)), cost(price),
        h('button', { class: 'small', 'data-focus': `buy-${key}`, disabled: price > coins, 'aria-label': this.say('world-buy-name', { name: item(key), price }), onclick: () => this.hands.command({ buy: { from: wares.who, template: key, count: 1 } }) }, this.say('world-buy'))));
    const bought = items.filter(({ template, equipped }) => !equipped && wares.buys.some(([key]) => key === template)).map((one) => {
      const price = wares.buys.find(([key]) => key === one.template)?.[1] ?? 0;
      return h('li', {}, h('span', {}, this.hands.itemName(one)), cost(price),
        h('button', { class: 'small', 'data-focus': `sell-${one.template}`, 'aria-label': this.say('world-sell-name', { name: this.hands.itemName(one), price }), onclick: () => this.hands.command({ sell: { to: wares.who, item: one.id, count: 1, seen: one.version } }) }, this.say('world-sell')));
    });
    const at = document.activeElement instanceof HTMLElement && this.shop.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    const selling = h('ul', { class: 'world-list', role: 'list' }, bought);
    fill(
      this.shop,
      this.#head(title, () => store.dispatch('ui/world_deal', { wares: undefined })),
      h('p', { class: 'number' }, this.say('world-coins', { count: coins, coin: item(wares.coin) })),
      sold.length > 0 && h('h3', {}, this.say('world-for-sale')),
      sold.length > 0 && h('ul', { class: 'world-list', role: 'list' }, sold),
      wares.buys.length > 0 && h('h3', {}, this.say('world-wanted')),
      wares.buys.length > 0 && h('p', { class: 'small muted' }, wares.buys.map(([key, price]) => `${item(key)} ${price}`).join(' · ')),
      bought.length > 0 && selling,
    );
    if (at) /** @type {HTMLElement | null} */ (this.shop.querySelector(`[data-focus="${at}"]`))?.focus();
  }

  /** @param {import('../../state/deals.js').Talk | undefined} talk @param {import('../../state/deals.js').Talk | undefined} before */
  #showTalk(talk, before) {
    this.talk.hidden = !talk;
    if (!talk) return fill(this.talk);
    if (talk.who === before?.who && this.talk.childElementCount > 0) return this.#showSaid(talk);
    const { store } = this.context;
    const about = h('input', { class: 'world-about-what', autocomplete: 'off', maxLength: 100, 'aria-label': this.say('world-ask-about'), placeholder: this.say('world-ask-about') });
    const ask = () => {
      const words = about.value.trim();
      const now = this.hands.world.talk;
      if (!words || !now) return;
      store.dispatch('ui/world_deal', { talk: said(now, true, words) });
      this.hands.command({ talk: { to: now.who, about: words } });
      about.value = '';
    };
    const lines = h('div', {
      class: 'world-sayings',
      role: 'log',
      'aria-label': talk.name,
      tabIndex: 0,
      // A word that was said is asked about by a click.
      onclick: (/** @type {MouseEvent} */ event) => {
        if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'I') return;
        about.value = event.target.textContent ?? '';
        ask();
      },
    });
    fill(
      this.talk,
      this.#head(this.say('world-talk-with', { name: talk.name }), () => store.dispatch('ui/world_deal', { talk: undefined })),
      lines,
      h('form', { class: 'world-form', onsubmit: (/** @type {SubmitEvent} */ event) => (event.preventDefault(), ask()) }, about, h('button', { type: 'submit' }, this.say('world-ask'))),
      h('p', { class: 'small muted' }, this.say('world-ask-help')),
    );
    this.#showSaid(talk);
    about.focus();
  }

  /** @param {import('../../state/deals.js').Talk} talk */
  #showSaid({ said: lines }) {
    const log = this.talk.querySelector('.world-sayings');
    if (!log) return;
    keep(log, lines.map((line, index) => ({ ...line, index })), ({ index, words }) => `${index} ${words}`, ({ isOwn, words }) => {
      const line = h('p', { class: isOwn ? 'own' : '' });
      if (isOwn) text(line, words);
      else fill(line, words.split(/([\p{L}\p{M}]{4,})/u).map((piece, index) => (index % 2 ? h('i', {}, piece) : piece)));
      return line;
    });
    log.scrollTop = log.scrollHeight;
  }
}
