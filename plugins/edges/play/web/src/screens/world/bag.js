// What one wears and carries: to put on, use, drop, give, by key and by dragging.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';

/** @typedef {import('../../../types/messages.js').CarriedItem} CarriedItem */

const SLOTS = /** @type {const} */ (['weapon', 'head', 'body', 'trinket']);

/** See the head of this file. */
export class Bag {
  /** The item whose ways are shown. @type {number | undefined} */
  #chosen;

  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    const { say } = this;
    this.worn = h('ul', { class: 'world-worn', role: 'list', 'aria-label': say('world-worn') });
    this.list = h('ul', { class: 'world-bag', role: 'list', 'aria-label': say('world-carried') });
    this.none = h('p', { class: 'muted small' }, say('world-carry-nothing'));
    this.weight = h('p', { class: 'small muted number' });
    this.root = h(
      'section',
      { class: 'world-panel world-things', 'aria-label': say('world-bag') },
      h('h2', {}, say('world-worn')),
      this.#taking(this.worn, (item) => !item.equipped && this.hands.bestOf(item) === 'equip' && this.hands.act('equip', item)),
      h('h2', {}, say('world-carried')),
      this.#taking(this.list, (item) => item.equipped && this.hands.act('unequip', item)),
      this.none,
      this.weight,
      h('p', { class: 'small muted' }, say('world-bag-help')),
    );
  }

  start() {
    const ends = [
      this.context.store.watch(({ world }) => world.items, () => this.#show()),
      this.context.store.watch(({ content }) => content, () => this.#show()),
      this.context.store.watch(({ world }) => world.target, () => this.#show()),
    ];
    return () => ends.forEach((end) => end());
  }

  #show() {
    const { world, content } = this.context.store.state;
    const worn = world.items.filter(({ equipped }) => equipped);
    const held = world.items.filter(({ equipped }) => !equipped);
    const inSlot = (/** @type {string} */ slot) => worn.find(({ template }) => rowOf(content, 'items', template)?.slot === slot);
    keep(this.worn, SLOTS, (slot) => slot, () => h('li', {}), (place, slot) => {
      const item = inSlot(slot);
      this.#showItem(place, item, h('span', { class: 'small muted' }, this.say(`world-slot-${slot}`)));
    });
    keep(this.list, held, ({ id }) => id, () => h('li', {}), (place, item) => this.#showItem(place, item));
    this.none.hidden = held.length > 0;
    const grams = world.items.reduce((sum, { template, state }) => sum + (rowOf(content, 'items', template)?.weight_g ?? 0) * state.count, 0);
    text(this.weight, this.say('world-weight', { kilos: this.context.words.number(Math.round(grams / 100) / 10) }));
  }

  /** @param {HTMLElement} place @param {CarriedItem | undefined} item @param {HTMLElement} [slot] */
  #showItem(place, item, slot) {
    if (!item) return fill(place, slot, h('span', { class: 'muted' }, '—'));
    const { content } = this.context.store.state;
    const row = rowOf(content, 'items', item.template);
    const isChosen = this.#chosen === item.id;
    const hadFocus = place.contains(document.activeElement);
    const wear = row?.blows_max ? Math.max(0, Math.round((1 - item.state.wear / row.blows_max) * 100)) : undefined;
    const button = h(
      'button',
      {
        class: `plain world-item ${row?.kind ?? ''}`,
        draggable: true,
        'data-item': item.id,
        'aria-expanded': String(isChosen),
        onclick: () => {
          this.#chosen = isChosen ? undefined : item.id;
          this.#show();
        },
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, item),
        ondragstart: (/** @type {DragEvent} */ event) => event.dataTransfer?.setData('text/plain', String(item.id)),
      },
      h('span', { class: `world-glyph ${row?.slot ?? row?.kind ?? ''}`, 'aria-hidden': 'true' }, glyphOf(row?.slot ?? row?.kind)),
      h('span', {}, this.hands.itemName(item)),
      item.state.is_bound && h('span', { class: 'small muted' }, this.say('world-bound')),
      wear !== undefined && wear < 100 && h('span', { class: 'small muted number' }, this.say('world-whole', { percent: wear })),
    );
    fill(place, slot, button, isChosen && this.#deeds(item));
    if (hadFocus) button.focus();
  }

  /** @param {CarriedItem} item */
  #deeds(item) {
    const name = this.hands.itemName(item);
    const best = this.hands.bestOf(item);
    const target = this.hands.seen(this.hands.world.target);
    const act = (/** @type {string} */ word, /** @type {() => void} */ onclick, more = {}) =>
      h('button', { class: 'small', 'aria-label': `${this.say(word, more)}: ${name}`, onclick }, this.say(word, more));
    return h(
      'span',
      { class: 'row world-deeds' },
      best && act(`world-item-${best}`, () => this.hands.act(best, item)),
      !item.equipped && act('world-item-drop', () => this.hands.act('drop', item)),
      !item.equipped && target && (target.kind === 'player' || target.kind === 'npc') && act('world-item-give', () => this.hands.give(item, target.id), { name: this.hands.nameOf(target) }),
    );
  }

  /** @param {KeyboardEvent} event @param {CarriedItem} item */
  #key(event, item) {
    const { keys } = this.context.store.state.settings;
    if (event.key === 'Delete') this.hands.act('drop', item);
    else if (event.code === keys.interact) this.hands.useBest(item);
    else return;
    event.preventDefault();
  }

  /** Lets a list take items that are dragged there. @template {HTMLElement} E @param {E} list @param {(item: CarriedItem) => unknown} take */
  #taking(list, take) {
    takeDrops(list, this.hands, take);
    return list;
  }
}

/** Lets an element take items that are dragged there. @param {HTMLElement} element @param {import('./hands.js').Hands} hands @param {(item: CarriedItem) => unknown} take */
export function takeDrops(element, hands, take) {
  element.addEventListener('dragover', (event) => event.preventDefault());
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    const item = hands.world.items.find(({ id }) => String(id) === event.dataTransfer?.getData('text/plain'));
    if (item) take(item);
  });
}

/** @type {Record<string, string>} */
const GLYPHS = { weapon: '†', head: '⌒', body: '▼', trinket: '◦', consumable: '✚', container: '▣' };

/** @param {string | undefined} kind */
const glyphOf = (kind) => GLYPHS[kind ?? ''] ?? '◆';
