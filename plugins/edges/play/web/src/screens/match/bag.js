// What the avatar carries: a list to put on, take off, use and drop by, with mouse, touch or keys.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { itemName } from './names.js';

/** @typedef {import('../../../types/messages.js').CarriedItem} CarriedItem @typedef {import('../../../types/messages.js').Act} Act */

/** What one does with an item first of all. @param {import('../../state/content.js').Content} content @param {CarriedItem} item @returns {'equip' | 'unequip' | 'use' | undefined} */
export function mainAct(content, { template, equipped }) {
  if (equipped) return 'unequip';
  const row = rowOf(content, 'items', template);
  if (row?.slot) return 'equip';
  return row?.kind === 'consumable' ? 'use' : undefined;
}

/**
 * @param {import('../../router.js').Context} context
 * @param {(act: Act, what: string, seen: number) => void} act
 */
export function bag({ store, words }, act) {
  const list = h('ul', { class: 'match-items' });
  const empty = h('p', { class: 'muted' }, words.say('match-bag-empty'));
  const count = h('span', { class: 'muted small number' });
  const element = h('section', { class: 'match-bag match-panel', 'aria-label': words.say('match-bag'), hidden: true }, h('h2', {}, words.say('match-bag'), count), list, empty, h('p', { class: 'muted small' }, words.say('match-bag-keys')));

  /** @param {number} id */
  const itemOf = (id) => store.state.match.items.find((item) => item.id === id);
  /** @param {'equip' | 'unequip' | 'use' | 'drop' | undefined} kind @param {number} id */
  const does = (kind, id) => {
    const item = itemOf(id);
    if (!item || !kind) return;
    act(/** @type {Act} */ ({ [kind]: { item: id } }), itemName(store.state.content, item), item.version);
  };
  /** @param {CarriedItem} item */
  const make = ({ id }) =>
    h(
      'li',
      {},
      h('button', {
        class: 'plain what',
        onclick: () => {
          const item = itemOf(id);
          if (item) does(mainAct(store.state.content, item), id);
        },
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'Delete' || event.key === 'Backspace') does('drop', id);
          const next = event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : undefined;
          if (!next) return;
          event.preventDefault();
          /** @type {HTMLElement | null | undefined} */ (/** @type {HTMLElement} */ (event.currentTarget).parentElement?.[next]?.querySelector('button'))?.focus();
        },
      }),
      h('button', { class: 'plain drop', onclick: () => does('drop', id) }, words.say('match-drop')),
    );
  /** @param {HTMLElement} row @param {CarriedItem} item */
  const update = (row, item) => {
    const { content } = store.state;
    const [what, drop] = row.children;
    const main = mainAct(content, item);
    const name = itemName(content, item);
    fill(what, h('span', {}, name), h('small', { class: 'muted' }, main ? words.say(`match-${main}`) : ''));
    drop.setAttribute('aria-label', words.say('match-drop-what', { what: name }));
    row.dataset.worn = String(item.equipped);
  };
  return {
    element,
    show() {
      const { match, content } = store.state;
      const worth = (/** @type {CarriedItem} */ { template }) => rowOf(content, 'items', template)?.value ?? 0;
      const items = match.items.toSorted((one, other) => Number(other.equipped) - Number(one.equipped) || worth(other) - worth(one));
      const most = rowOf(content, 'modes', match.match?.mode ?? '')?.avatar.inventory_slots;
      text(count, most ? ` ${items.length} / ${most}` : ` ${items.length}`);
      empty.hidden = items.length > 0;
      keep(list, items, ({ id }) => id, make, update);
    },
    toggle(isShown = element.hidden) {
      element.hidden = !isShown;
      if (isShown) list.querySelector('button')?.focus();
    },
  };
}
