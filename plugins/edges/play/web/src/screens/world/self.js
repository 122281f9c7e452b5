// How one is: hit points, mana, experience, effects, and the abilities that can be used.

import { fill, h, keep, text } from '../../dom.js';
import { nameOf, nameOfNumber, rowOf } from '../../state/content.js';
import { capOf } from '../../keys.js';

/** How often one looks which abilities have cooled down. */
const LOOK_MS = 150;

/** See the head of this file. */
export class Self {
  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    this.place = h('h1', { class: 'world-title' });
    this.vitals = h('div', { class: 'world-vitals', role: 'group', 'aria-label': this.say('world-vitals') });
    this.effects = h('ul', { class: 'world-effects', role: 'list', 'aria-label': this.say('world-effects') });
    this.leave = h('button', { class: 'plain small', onclick: () => this.hands.command('quit') }, this.say('world-leave'));
    this.root = h('header', { class: 'world-head' }, this.place, this.vitals, this.effects, this.leave);
    this.slots = h('div', { class: 'world-slots' });
    const order = (/** @type {string} */ word, /** @type {() => void} */ onclick) => h('button', { class: 'world-ability', onclick }, this.say(word));
    this.bar = h(
      'div',
      { class: 'world-bar', role: 'toolbar', 'aria-label': this.say('world-abilities') },
      this.slots,
      order('world-stop', () => this.hands.stop()),
      order('world-flee', () => this.hands.command('flee')),
    );
  }

  start() {
    const { store } = this.context;
    const ends = [
      store.watch(({ world }) => world.place?.mode, () => this.#showPlace()),
      store.watch(({ content }) => content, () => {
        this.#showPlace();
        this.#showEffects();
        this.#showBar();
      }),
      store.watch(({ world }) => world.stats, () => this.#showVitals()),
      store.watch(({ world }) => world.effects, () => this.#showEffects()),
      store.watch(({ world }) => world.items, () => this.#showBar()),
      store.watch(({ world }) => world.archetype, () => this.#showBar()),
    ];
    const look = setInterval(() => this.#cool(), LOOK_MS);
    return () => {
      clearInterval(look);
      for (const end of ends) end();
    };
  }

  #showPlace() {
    const { content, world } = this.context.store.state;
    text(this.place, world.place ? nameOf(content, 'zone', world.place.mode) : '');
  }

  #showVitals() {
    const { stats } = this.context.store.state.world;
    if (!stats) return fill(this.vitals);
    const bars = [
      { kind: 'health', now: stats.hp, most: stats.hp_max, words: `${stats.hp}/${stats.hp_max}` },
      { kind: 'mana', now: stats.mp, most: stats.mp_max, words: `${stats.mp}/${stats.mp_max}` },
      { kind: 'xp', now: stats.xp, most: stats.xp_next, words: this.say('world-level', { level: stats.level }) },
    ];
    keep(this.vitals, bars, ({ kind }) => kind, ({ kind }) => h('div', { class: `world-vital ${kind}`, role: 'meter', 'aria-label': this.say(`world-vital-${kind}`), 'aria-valuemin': 0 }, h('i', {}), h('span', { class: 'number' })), (bar, { now, most, words }) => {
      bar.setAttribute('aria-valuenow', String(now));
      bar.setAttribute('aria-valuemax', String(most));
      bar.setAttribute('aria-valuetext', `${now} / ${most}`);
      /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${most ? Math.min(100, (now / most) * 100) : 0}%`;
      text(/** @type {Element} */ (bar.lastElementChild), words);
    });
  }

  #showEffects() {
    const { content, world } = this.context.store.state;
    keep(this.effects, world.effects, (effect) => `${effect} ${content.numbers.effects?.[effect]}`, (effect) => {
      const row = rowOf(content, 'effects', content.numbers.effects?.[effect] ?? '');
      const isBad = row?.kind === 'damage';
      return h('li', { class: isBad ? 'bad' : 'good' }, h('span', { 'aria-hidden': 'true' }, isBad ? '▾ ' : '▴ '), nameOfNumber(content, 'effects', effect));
    });
  }

  #showBar() {
    const { content, settings } = this.context.store.state;
    const slots = this.hands.abilities().map((key, index) => ({ key, slot: index + 1 }));
    keep(this.slots, slots, ({ key, slot }) => `${slot} ${nameOf(content, 'ability', key)} ${rowOf(content, 'abilities', key)?.mana ?? 0}`, ({ key, slot }) => {
      const code = /** @type {Record<string, string>} */ (settings.keys)[`ability_${slot}`] ?? '';
      const mana = rowOf(content, 'abilities', key)?.mana ?? 0;
      return h(
        'button',
        { class: 'world-ability', 'data-slot': slot, onclick: () => this.hands.cast(slot) },
        h('kbd', {}, capOf(code)),
        h('span', {}, nameOf(content, 'ability', key)),
        mana > 0 && h('span', { class: 'small number world-mana' }, mana, h('span', { class: 'hidden' }, ` ${this.say('world-vital-mana')}`)),
      );
    });
  }

  /** Shows which abilities cool down. */
  #cool() {
    const own = this.context.link.client?.lane?.own();
    for (const button of /** @type {Iterable<HTMLElement>} */ (this.slots.children)) {
      const isCooling = own ? (own.cooling >> (Number(button.dataset.slot) - 1)) & 1 : 0;
      button.classList.toggle('cooling', isCooling === 1);
    }
  }
}
