// Who plays: name, level, experience, rating and currency, at the head of the lobby.

import { fill, h, keep, text } from '../../dom.js';

/** @type {import('../lobby.js').Part} */
export const profile = (root, { store, words }) => {
  const name = h('h1', {});
  const kind = h('p', { class: 'small muted' });
  const numbers = h('dl', { class: 'numbers' });
  fill(root, h('div', { class: 'whose' }, h('span', { class: 'seal', 'aria-hidden': 'true' }), h('div', {}, name, kind)), numbers);
  const seal = /** @type {HTMLElement} */ (root.querySelector('.seal'));
  const show = () => {
    const { session, lobby } = store.state;
    const known = lobby.profile;
    text(name, session.name || known?.name || '…');
    text(seal, (session.name || known?.name || '·').slice(0, 1).toUpperCase());
    const account = known && session.name && known.name !== session.name ? words.say('lobby-of-account', { name: known.name }) : '';
    text(kind, known?.is_guest ? words.say('lobby-guest') : account);
    const rows = /** @type {const} */ (['level', 'xp', 'rating', 'currency']).map((key) => ({ key, value: known?.[key] }));
    keep(
      numbers,
      rows,
      ({ key }) => key,
      ({ key }) => h('div', {}, h('dt', {}, words.say(`lobby-${key}`)), h('dd', { class: 'number' })),
      (row, { value }) => text(/** @type {Node} */ (row.lastChild), value === undefined ? '–' : words.number(value)),
    );
  };
  const ends = [store.watch(({ lobby }) => lobby.profile, show), store.watch(({ session }) => session.name, show)];
  return () => ends.forEach((end) => end());
};
