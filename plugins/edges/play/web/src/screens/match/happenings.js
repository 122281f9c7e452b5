// What flashes up for what happens: numbers over those who are hurt, blows, ends. And it remembers which machine was which.

import { METRE } from '../../draw/camera.js';

/**
 * @typedef {import('../../../sdk/lane/types.js').Entity} Entity
 * @typedef {import('../../../types/messages.js').GameEvent} GameEvent
 * @typedef {import('../../draw/effects.js').Effects} Effects
 */

/** Machines that are remembered by their names of the match. */
const KNOWN_MAX = 512;
const BODY = 0.55 * METRE;

export class Happenings {
  #effects;
  #words;
  #abilityOf;
  /** @type {readonly Entity[]} */
  #around = [];
  /** Of the state before: who is killed is gone from the newest one. @type {readonly Entity[]} */
  #before = [];
  /** Templates of machines. @type {Map<number, number>} */
  #templates = new Map();

  /** @param {Effects} effects @param {import('../../words.js').Words} words @param {(ability: number) => import('./slots.js').Slot} abilityOf */
  constructor(effects, words, abilityOf) {
    this.#effects = effects;
    this.#words = words;
    this.#abilityOf = abilityOf;
  }

  /** A newer state has come. @param {readonly Entity[]} around */
  see(around) {
    this.#before = this.#around;
    this.#around = around;
  }

  /** Which machine this was, as far as it was seen. @param {number} id */
  templateOf(id) {
    return this.#templates.get(id);
  }

  /** @param {number} id */
  #find(id) {
    const found = this.#around.find((entity) => entity.id === id) ?? this.#before.find((entity) => entity.id === id);
    if (found?.kind === 'npc') {
      this.#templates.set(id, found.template);
      if (this.#templates.size > KNOWN_MAX) this.#templates.delete(/** @type {number} */ (this.#templates.keys().next().value));
    }
    return found;
  }

  /**
   * @param {readonly GameEvent[]} events
   * @param {number} avatar
   * @param {{ x: number, y: number } | undefined} own where the avatar is
   * @param {number} nowMs
   */
  take(events, avatar, own, nowMs) {
    const place = (/** @type {number} */ id) => (id === avatar ? own : this.#find(id));
    for (const event of events) {
      if ('damaged' in event) {
        const { source, target, amount, critical } = event.damaged;
        this.#damaged(place(target), place(source), { isOwn: target === avatar, isBy: source === avatar, amount, critical }, nowMs);
      } else if ('healed' in event) this.#say(place(event.healed.target), `+${event.healed.amount}`, 'heal', nowMs);
      else if ('dodged' in event) {
        place(event.dodged.source);
        this.#say(place(event.dodged.target), this.#words.say('match-dodged'), 'muted', nowMs);
      } else if ('died' in event) {
        const at = place(event.died.who);
        place(event.died.by);
        if (at) this.#effects.begin('end', at.x, at.y, event.died.who === avatar ? 'own' : 'foe', nowMs, 600).radius = BODY;
      } else if ('downed' in event) this.#say(place(event.downed.who), this.#words.say('match-downed'), 'damage', nowMs);
      else if ('revived' in event) this.#say(place(event.revived.who), this.#words.say('match-revived'), 'heal', nowMs);
      else if ('extracted' in event) {
        const at = place(event.extracted.who);
        if (at) this.#effects.begin('ring', at.x, at.y, 'exit', nowMs, 700).radius = 3 * METRE;
      } else if ('swung' in event && event.swung.who !== avatar) {
        const { who, ability, heading } = event.swung;
        const at = this.#find(who);
        if (at) this.#effects.use(this.#abilityOf(ability), at, heading << 8, at.kind === 'player' ? 'player' : 'foe', nowMs);
      }
    }
  }

  /**
   * @param {{ x: number, y: number } | undefined} at @param {{ x: number, y: number } | undefined} from
   * @param {{ isOwn: boolean, isBy: boolean, amount: number, critical: boolean }} blow @param {number} nowMs
   */
  #damaged(at, from, { isOwn, isBy, amount, critical }, nowMs) {
    if (!at) return;
    this.#effects.begin('hit', at.x, at.y, isOwn ? 'damage' : 'text', nowMs, 140).radius = BODY;
    if (from && !isBy && !isOwn) Object.assign(this.#effects.begin('shot', from.x, from.y, 'muted', nowMs, 120), { toX: at.x, toY: at.y });
    if (from && isOwn) Object.assign(this.#effects.begin('shot', from.x, from.y, 'damage', nowMs, 160), { toX: at.x, toY: at.y });
    const words = critical ? `${amount}!` : String(amount);
    this.#say(at, words, isOwn ? 'damage' : critical ? 'critical' : isBy ? 'text' : 'muted', nowMs);
  }

  /** @param {{ x: number, y: number } | undefined} at @param {string} words @param {'damage' | 'critical' | 'text' | 'muted' | 'heal'} colour @param {number} nowMs */
  #say(at, words, colour, nowMs) {
    if (!at) return;
    // To and fro, so that two in one tick do not cover each other.
    const aside = ((nowMs * 7) % 5) - 2;
    this.#effects.begin('words', at.x + aside * 24, at.y - METRE * 0.5, colour, nowMs, 900).words = words;
  }
}
