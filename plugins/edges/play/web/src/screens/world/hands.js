// What one does in the world, whichever way it was asked for: by button, key, click or drag.

import { nameOf, nameOfNumber, rowOf } from '../../state/content.js';
import { Walker } from './walk.js';

/** @typedef {import('../../../sdk/lane/types.js').Entity} Entity */
/** @typedef {import('../../../types/messages.js').WorldCommand} WorldCommand */
/** @typedef {import('../../../types/messages.js').CarriedItem} CarriedItem */
/** @typedef {'attack' | 'talk' | 'wares' | 'take' | 'loot' | 'look' | 'trade' | 'invite' | 'follow' | 'whisper'} Deed */

/** How near one has to be to take something, in subunits, with some to spare. */
const REACH = 1.5 * 256;
/** How long the answer to a command may take, so that it is not taken for that to a later one. */
const ANSWER_MS = 1_200;
/** When an answer that has not come is waited for no more. */
const LOST_MS = 15_000;
/** How far things are that one can choose among, in subunits. */
const NEAR = 14 * 256;

/** See the head of this file. */
export class Hands {
  walker = new Walker();
  /** Where characters were whose names were asked for. @type {Map<number, string>} */
  #askedFrom = new Map();
  #commandedAt = 0;

  /** @param {import('../../router.js').Context} context */
  constructor({ store, link, words }) {
    this.store = store;
    this.link = link;
    this.words = words;
  }

  get world() {
    return this.store.state.world;
  }

  /** @param {WorldCommand} command */
  command(command) {
    this.#commandedAt = performance.now();
    this.link.client?.command(command);
  }

  /** A line as it was typed. @param {string} line */
  type(line) {
    this.store.dispatch('ui/world_typed', { words: line });
    this.walker.stop();
    this.command({ line: { words: line } });
  }

  /** Does something with what one carries. @param {'equip' | 'unequip' | 'drop' | 'use'} what @param {CarriedItem} item */
  act(what, { id, version }) {
    this.link.client?.act(/** @type {any} */ ({ [what]: { item: id } }), version);
  }

  /** Puts on or takes off, or uses: what one mostly wants of a thing. @param {CarriedItem} item */
  useBest(item) {
    const what = this.bestOf(item);
    if (what) this.act(what, item);
  }

  /** @param {CarriedItem} item @returns {'equip' | 'unequip' | 'use' | undefined} */
  bestOf({ template, equipped }) {
    const row = rowOf(this.store.state.content, 'items', template);
    if (equipped) return 'unequip';
    if (row?.slot) return 'equip';
    return row?.kind === 'consumable' ? 'use' : undefined;
  }

  /** @param {CarriedItem} item @param {number} to */
  give({ id, version }, to) {
    this.command({ give: { item: id, to, seen: version } });
  }

  /** What something that is seen is called. @param {Entity} entity */
  nameOf({ id, kind, template }) {
    const { content, world } = this.store.state;
    if (kind === 'player') return world.names[id] ?? this.words.say('world-somebody');
    if (kind === 'npc') return nameOfNumber(content, 'npcs', template);
    if (kind === 'item') return nameOfNumber(content, 'items', template);
    if (kind === 'hazard' || kind === 'storm') return nameOfNumber(content, 'hazards', template);
    return this.words.say(`world-kind-${kind}`);
  }

  /** What an item that one carries is called, with how many there are. @param {CarriedItem} item */
  itemName({ template, state: { count } }) {
    const name = nameOf(this.store.state.content, 'item', template);
    return count > 1 ? `${name} × ${this.words.number(count)}` : name;
  }

  /** Whether it is one of those who have a name, and mostly something to say. @param {Entity} entity */
  isNamed({ kind, template }) {
    const { content } = this.store.state;
    const key = content.numbers.npcs?.[template];
    return kind === 'npc' && key !== undefined && rowOf(content, 'npcs', key)?.is_named === true;
  }

  /**
   * Finds out what one character near is called whose name is not known: by a look that the log does not tell of. Names come by no
   * message of their own, and answers in the order of what was asked, so there is one at a time, and none while another is waited for.
   */
  askName() {
    const waitedMs = performance.now() - this.#commandedAt;
    if (waitedMs < (this.world.asking === undefined ? ANSWER_MS : LOST_MS)) return;
    const unknown = this.near().find(({ id, kind, x, y }) => kind === 'player' && this.world.names[id] === undefined && this.#askedFrom.get(id) !== `${x},${y}`);
    if (!unknown) return;
    // Who is out of sight is asked about again once it has moved.
    this.#askedFrom.set(unknown.id, `${unknown.x},${unknown.y}`);
    this.store.dispatch('ui/world_asking', { who: unknown.id });
    this.command({ look: { at: unknown.id } });
  }

  /** What is near and can be meant, the nearest first. @returns {Entity[]} */
  near() {
    const lane = this.link.client?.lane;
    const own = lane?.own() ?? undefined;
    if (!lane || !own) return [];
    const far = (/** @type {Entity} */ { x, y }) => Math.hypot(x - own.x, y - own.y);
    const meant = lane.entities().filter((each) => ['player', 'npc', 'item', 'container'].includes(each.kind) && far(each) <= NEAR);
    return meant.sort((one, other) => far(one) - far(other));
  }

  /** @param {number | undefined} id */
  seen(id) {
    return id === undefined ? undefined : this.link.client?.lane?.entities().find((each) => each.id === id);
  }

  /** Means the next one of those who live near, or nobody after the last. Returns whom. @param {-1 | 1} [by] */
  cycle(by = 1) {
    const living = this.near().filter(({ kind }) => kind === 'npc' || kind === 'player');
    const at = living.findIndex(({ id }) => id === this.world.target);
    const next = at < 0 && by < 0 ? living.at(-1) : living[at + by];
    this.target(next?.id);
    return next;
  }

  /** @param {number | undefined} target */
  target(target) {
    this.store.dispatch('ui/world_target', { target });
  }

  /** What can be done with something, what one mostly wants first. @param {Entity} entity @returns {Deed[]} */
  deedsOf(entity) {
    if (entity.kind === 'item') return ['take', 'look'];
    if (entity.kind === 'container') return ['loot', 'look'];
    if (entity.kind === 'player') return ['trade', 'invite', 'whisper', 'follow', 'look', 'attack'];
    return this.isNamed(entity) ? ['talk', 'wares', 'look', 'attack'] : ['attack', 'look'];
  }

  /** @param {Deed} deed @param {Entity} entity */
  do(deed, entity) {
    const { id } = entity;
    if (deed === 'take') return this.#reach(entity, () => this.link.client?.act({ pick_up: { item: id } }));
    if (deed === 'loot') return this.#reach(entity, () => this.link.client?.act({ loot: { container: id } }));
    this.walker.stop();
    this.target(id);
    if (deed === 'attack') this.command({ attack: { target: id } });
    else if (deed === 'talk') {
      this.store.dispatch('ui/world_deal', { talk: { who: id, name: this.nameOf(entity), said: [] } });
      this.command({ talk: { to: id, about: '' } });
    } else if (deed === 'wares') this.command({ wares: { of: id } });
    else if (deed === 'look') this.command({ look: { at: id } });
    else if (deed === 'trade') this.command({ trade: { with: id } });
    else if (deed === 'invite') this.command({ invite: { who: id } });
    else if (deed === 'follow') this.command({ follow: { whom: id } });
    else if (deed === 'whisper') {
      // Somebody without a name cannot be spoken to.
      if (this.world.names[id] === undefined) return;
      this.store.dispatch('ui/chat_to', { to: this.nameOf(entity) });
      this.store.dispatch('ui/chat_open', { channel: 'whisper' });
    }
  }

  /** Walks there, and does it then. @param {Entity} entity @param {() => void} then */
  #reach({ x, y }, then) {
    this.walker.goTo({ x, y }, { near: REACH, then });
  }

  /** Uses an ability, at the one who is meant where there is one. @param {number} slot */
  cast(slot) {
    this.command({ cast: { slot, at: this.seen(this.world.target)?.id ?? null } });
  }

  /** Stops walking, fighting and whatever else goes on by itself. */
  stop() {
    this.walker.stop();
    this.command('stop');
  }

  /** What the slots hold, from the first one on: what the weapon does, or the fists, and then what one is. @returns {string[]} */
  abilities() {
    const { content, world } = this.store.state;
    const kind = content.tables.archetypes?.find(({ key }) => nameOf(content, 'archetype', key).toLowerCase() === world.archetype.toLowerCase());
    const worn = world.items.filter(({ equipped }) => equipped).map(({ template }) => rowOf(content, 'items', template)?.ability);
    const [fists = 'fists', ...own] = kind?.avatar.abilities ?? [];
    return [worn.find((ability) => ability !== undefined) ?? fists, ...own];
  }
}
