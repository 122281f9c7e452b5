// What one wears to be looked at: bought, put on, taken off.

import { fill, h, keep, text } from '../../dom.js';
import { capital } from '../../names.js';
import { nameOf } from '../../state/content.js';
import { itemRow, showItem } from './items.js';
import { readWhileIn } from './reading.js';

/** @type {import('../lobby.js').Part} */
export const looks = (root, context) => {
  const { store, words, link } = context;
  const list = h('ul', { class: 'items wares' });
  fill(root, h('section', { class: 'shop' }, h('h2', {}, words.say('lobby-looks')), list));
  const show = () => {
    const { cosmetics, profile } = store.state.lobby;
    keep(
      list,
      (cosmetics ?? []).filter(({ price, is_owned: isOwned }) => isOwned || price !== undefined),
      ({ key }) => key,
      ({ key }) => itemRow(h('button', { type: 'button', onclick: () => void act(key, context) })),
      (row, { key, slot, price, level_min: level, is_owned: isOwned, is_equipped: isEquipped }) => {
        const name = capital(nameOf(store.state.content, 'cosmetic', key));
        showItem(row, name, level > 1 ? words.say('lobby-looks-level', { level }) : '', slot ?? '');
        const button = /** @type {HTMLButtonElement} */ (row.querySelector('button'));
        button.disabled = isOwned ? !slot : level > (profile?.level ?? level) || (price ?? 0) > (profile?.currency ?? Infinity);
        text(button, isOwned ? words.say(isEquipped ? 'lobby-looks-off' : 'lobby-looks-on') : words.number(price ?? 0));
        button.setAttribute('aria-label', isOwned ? `${button.textContent}: ${name}` : words.say('lobby-buy-name', { name, price: words.number(price ?? 0) }));
      },
    );
  };
  const ends = [
    readWhileIn(context, () => void link.ask('cosmetics', link.api.cosmetics())),
    ...[store.watch(({ lobby }) => lobby.cosmetics, show), store.watch(({ lobby }) => lobby.profile, show), store.watch(({ content }) => content, show)],
  ];
  return () => ends.forEach((end) => end());
};

/** Buys what one does not have; of what one has, puts it on or off. Bought twice nothing is: then it is owned. @param {string} key
 * @param {import('../../router.js').Context} context */
async function act(key, { store, link }) {
  const cosmetic = store.state.lobby.cosmetics?.find((each) => each.key === key);
  if (!cosmetic) return;
  const { is_owned: isOwned, is_equipped: isEquipped, price = 0 } = cosmetic;
  if (isOwned) await link.ask('worn', isEquipped ? link.api.unequipCosmetic(key) : link.api.equipCosmetic(key));
  else await link.ask('worn', link.api.buyCosmetic(key, price, crypto.getRandomValues(new Uint32Array(1))[0] * 0x100000 + (Date.now() % 0x100000)));
  await Promise.all([link.ask('profile', link.api.get('/v1/profile')), link.ask('cosmetics', link.api.cosmetics())]);
}
