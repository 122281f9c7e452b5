// The stash: what one has, to pack for the next match or to sell.

import { askSure } from '../../dialog.js';
import { fill, h, keep, text } from '../../dom.js';
import { itemName } from '../../names.js';
import { LOADOUT_ITEMS_MAX } from '../../state/lobby.js';
import { itemAbout, itemRow, kindOf, showItem } from './items.js';
import { readWhileIn } from './reading.js';

/** @typedef {import('../../state/lobby.js').Owned} Owned */

/** @type {import('../lobby.js').Part} */
export const stash = (root, context) => {
  const { store, words, link } = context;
  const room = h('p', { class: 'muted number', role: 'status' });
  const list = h('ul', { class: 'items' });
  const empty = h('p', { class: 'muted empty' });
  fill(root, h('section', { class: 'stash' }, h('h2', {}, words.say('lobby-stash')), h('p', { class: 'small muted' }, words.say('lobby-stash-about')), room, list, empty));
  const show = () => {
    const { stash: known, shop, packed } = store.state.lobby;
    list.setAttribute('aria-busy', String(known === undefined));
    if (!known) return;
    text(room, words.say('lobby-room', { count: known.items.length, capacity: known.capacity, packed: packed.length }));
    text(empty, known.items.length === 0 ? words.say('lobby-stash-empty') : '');
    const priceOf = (/** @type {Owned} */ owned) => (owned.bound ? undefined : shop?.find(({ template }) => template === owned.template)?.sell_price);
    keep(
      list,
      known.items,
      ({ item }) => item,
      ({ item }) =>
        itemRow(
          h('button', { class: 'pack', type: 'button', onclick: () => store.dispatch('ui/packed_turned', { item }) }),
          h('button', { class: 'plain small sell', type: 'button', onclick: () => void sell(item, context) }),
        ),
      (row, owned) => {
        const name = itemName(store.state, owned.template);
        showItem(row, name, itemAbout(context, owned.template, { count: owned.count, wear: owned.wear, isBound: owned.bound }), kindOf(store.state, owned.template));
        const isIn = packed.includes(owned.item);
        row.classList.toggle('in', isIn);
        const [pack, away] = row.querySelectorAll('button');
        pack.setAttribute('aria-pressed', String(isIn));
        pack.disabled = !isIn && packed.length >= LOADOUT_ITEMS_MAX;
        // A name begins with what is seen.
        const packs = words.say(isIn ? 'lobby-packed' : 'lobby-pack');
        text(pack, packs);
        pack.setAttribute('aria-label', `${packs}: ${name}`);
        const price = priceOf(owned);
        away.hidden = price === undefined;
        if (price === undefined) return;
        const sells = words.say('lobby-sell', { price: words.number(price) });
        text(away, sells);
        away.setAttribute('aria-label', `${sells}: ${name}`);
      },
    );
  };
  const read = () => {
    void link.ask('stash', link.api.stash());
    void link.ask('shop', link.api.shop());
  };
  const ends = [readWhileIn(context, read), store.watch(({ lobby }) => lobby.stash, show), store.watch(({ lobby }) => lobby.shop, show), store.watch(({ lobby }) => lobby.packed, show), store.watch(({ content }) => content, show)];
  return () => ends.forEach((end) => end());
};

/** Sells at the price that is shown: the same again, because an answer got lost, pays nothing twice. @param {string} item @param {import('../../router.js').Context} context */
async function sell(item, { store, words, link }) {
  const { stash: known, shop } = store.state.lobby;
  const owned = known?.items.find((each) => each.item === item);
  const price = shop?.find(({ template }) => template === owned?.template)?.sell_price;
  if (!owned || price === undefined) return;
  const name = itemName(store.state, owned.template);
  const isSure = await askSure({
    title: words.say('lobby-sell-title', { name }),
    about: words.say('lobby-sell-about', { price: words.number(price) }),
    yes: words.say('lobby-sell', { price: words.number(price) }),
    no: words.say('lobby-keep'),
  });
  if (!isSure) return;
  const sold = await link.ask('sold', link.api.sell(owned.item, owned.version, price));
  if (sold) store.dispatch('ui/news', { words: words.say('lobby-sold', { name, price: words.number(price) }) });
  await Promise.all([link.ask('stash', link.api.stash()), link.ask('shop', link.api.shop()), link.ask('profile', link.api.get('/v1/profile'))]);
}
