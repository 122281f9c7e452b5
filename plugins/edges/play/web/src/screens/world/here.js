// The room one is in: its ways as buttons, and who and what is near, with what can be done.

import { fill, h, keep, text } from '../../dom.js';

/** How often one looks who is near. */
const LOOK_MS = 400;
/** How many are listed. */
const NEAR_MAX = 30;

/** @typedef {import('../../../sdk/lane/types.js').Entity} Entity */

/** Ways out of the room: a button for each, and what can be done with its door. */
export class Ways {
  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.list = h('ul', { class: 'world-ways', role: 'list', 'aria-label': context.words.say('world-ways') });
    this.root = this.list;
  }

  start() {
    return this.context.store.watch(({ world }) => world.room, (room) => {
      keep(this.list, room?.exits ?? [], ({ word }) => word, () => h('li', {}), (item, exit) => this.#show(item, exit));
    });
  }

  /** @param {HTMLElement} item @param {import('../../../types/messages.js').ExitNews} exit */
  #show(item, { word, door }) {
    const say = this.context.words.say.bind(this.context.words);
    const stand = `${door?.state ?? ''}|${door?.version ?? ''}`;
    if (item.dataset.stand === stand) return;
    item.dataset.stand = stand;
    const hadFocus = item.contains(document.activeElement);
    const seen = door?.version ?? null;
    const go = h('button', { 'aria-label': say('world-go', { word }), onclick: () => this.hands.type(word) }, arrowOf(word), word);
    const turn = (/** @type {'open' | 'close' | 'unlock'} */ what) =>
      h('button', {
        class: `plain small world-door ${door?.state}`,
        'aria-label': say(`world-door-${what}-name`, { word }),
        onclick: () => this.hands.command(/** @type {any} */ ({ [what]: { word, seen } })),
      }, say(`world-door-${what}`));
    const doors = !door ? [] : door.state === 'open' ? [turn('close')] : door.state === 'closed' ? [turn('open')] : [turn('unlock')];
    const state = door && h('span', { class: 'small muted' }, say(`world-door-is-${door.state}`));
    fill(item, go, state, doors);
    if (hadFocus) go.focus();
  }
}

/** @type {Record<string, string>} */
const ARROWS = { north: '↑', south: '↓', west: '←', east: '→', up: '⤴', down: '⤵' };

/** @param {string} word */
function arrowOf(word) {
  return h('span', { 'aria-hidden': 'true' }, ARROWS[word] ?? '•');
}

/** What the room is like, and who and what is near. */
export class Here {
  #shown = '';

  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    this.name = h('h2', {});
    this.safe = h('span', { class: 'small good' });
    this.about = h('p', { class: 'world-about' });
    this.near = h('ul', { class: 'world-near', role: 'list' });
    this.nobody = h('p', { class: 'muted small' }, this.say('world-nobody'));
    this.root = h(
      'section',
      { class: 'world-panel world-here', 'aria-label': this.say('world-here') },
      h('div', { class: 'row' }, this.name, this.safe),
      this.about,
      h('h3', {}, this.say('world-near')),
      this.nobody,
      this.near,
    );
  }

  start() {
    const { store } = this.context;
    const ends = [
      store.watch(({ world }) => world.room, (room) => {
        text(this.name, room?.name ?? '');
        text(this.about, room?.description ?? '');
        text(this.safe, room?.is_safe ? this.say('world-safe') : '');
      }),
      store.watch(({ world }) => world.target, () => this.#look()),
      store.watch(({ world }) => world.names, () => this.#look()),
    ];
    const look = setInterval(() => this.#look(), LOOK_MS);
    return () => {
      clearInterval(look);
      for (const end of ends) end();
    };
  }

  #look() {
    // By their names in the place, so that nothing jumps about while one chooses.
    const near = this.hands.near().slice(0, NEAR_MAX).sort((one, other) => one.id - other.id);
    const { target } = this.hands.world;
    const shown = JSON.stringify([target, near.map((one) => [one.id, one.hp_band, this.hands.nameOf(one)])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.nobody.hidden = near.length > 0;
    keep(this.near, near, ({ id }) => id, () => h('li', {}), (item, entity) => this.#show(item, entity, entity.id === target));
  }

  /** @param {HTMLElement} item @param {Entity} entity @param {boolean} isMeant */
  #show(item, entity, isMeant) {
    const name = this.hands.nameOf(entity);
    const stand = `${name}|${entity.hp_band}|${isMeant}`;
    if (item.dataset.stand === stand) return;
    item.dataset.stand = stand;
    const hadFocus = item.contains(document.activeElement);
    const isAlive = entity.kind === 'npc' || entity.kind === 'player';
    const health = isAlive ? Math.round((entity.hp_band / 15) * 100) : undefined;
    const meter = health !== undefined && health < 100 && meterOf(health, entity.kind === 'npc' ? 'foe' : '', this.say('world-health', { percent: health }));
    const button = h(
      'button',
      { class: `plain world-one ${entity.kind}`, 'aria-pressed': String(isMeant), onclick: () => this.hands.target(isMeant ? undefined : entity.id) },
      h('span', { class: `world-mark ${this.hands.isNamed(entity) ? 'named' : entity.kind}`, 'aria-hidden': 'true' }),
      name,
    );
    // All that can be done is there for the one who is meant; what one mostly wants is there for each.
    const deeds = isMeant ? this.hands.deedsOf(entity) : this.hands.deedsOf(entity).slice(0, 1);
    fill(item, button, meter, deedsFor(this.hands, entity, deeds));
    item.classList.toggle('meant', isMeant);
    if (hadFocus) button.focus();
  }
}

/**
 * A button for each thing that can be done with somebody or something.
 * @param {import('./hands.js').Hands} hands @param {Entity} entity @param {import('./hands.js').Deed[]} deeds
 */
function deedsFor(hands, entity, deeds) {
  const name = hands.nameOf(entity);
  const buttons = deeds.map((deed) =>
    h('button', {
      class: 'small',
      'aria-label': hands.words.say(`world-deed-${deed}-name`, { name }),
      onclick: () => hands.do(deed, hands.seen(entity.id) ?? entity),
    }, hands.words.say(`world-deed-${deed}`)),
  );
  return h('span', { class: 'row world-deeds' }, buttons);
}

/** Who is meant, over the map of a small screen, where the list of those near is not seen. */
export class Target {
  #shown = '';

  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.root = h('div', { class: 'world-target', hidden: true, role: 'group', 'aria-label': context.words.say('world-target') });
  }

  start() {
    const unwatch = this.context.store.watch(({ world }) => world.target, () => this.#look());
    const look = setInterval(() => this.#look(), LOOK_MS);
    return () => {
      clearInterval(look);
      unwatch();
    };
  }

  #look() {
    const entity = this.hands.seen(this.hands.world.target);
    const shown = entity ? `${entity.id} ${entity.hp_band} ${this.hands.nameOf(entity)}` : '';
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.root.hidden = !entity;
    if (!entity) return fill(this.root);
    const isAlive = entity.kind === 'npc' || entity.kind === 'player';
    const percent = Math.round((entity.hp_band / 15) * 100);
    const meter = isAlive && meterOf(percent, entity.kind === 'npc' ? 'foe' : '', this.context.words.say('world-health', { percent }));
    fill(this.root, h('strong', {}, this.hands.nameOf(entity)), meter, deedsFor(this.hands, entity, this.hands.deedsOf(entity)));
  }
}

/** A bar by a share of the whole. @param {number} percent @param {string} kind @param {string} label */
export function meterOf(percent, kind, label) {
  const bar = h('i', {});
  bar.style.width = `${percent}%`;
  return h('div', { class: `meter ${kind}`, role: 'img', 'aria-label': label }, bar);
}
