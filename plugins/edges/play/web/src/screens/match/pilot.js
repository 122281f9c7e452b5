// What somebody wants the avatar to do, from keys, mouse and touch, as one steering for each step of the match.

import { directionOf, nearest } from './angles.js';

/**
 * @typedef {import('./angles.js').Place} Place
 * @typedef {import('../../../sdk/lane/types.js').Entity} Entity
 * @typedef {{ walk: number, pace: number, aim: number, ability: number }} Steering
 */

/** How far a stick is to be pulled before it counts, of its whole. */
const STICK_DEAD = 0.2;
/** Without a pointer one looks at the nearest foe within this while something is used: 20 m. */
const REACH = 20 * 256;
/** Ability slots with keys of their own. */
const SLOTS = 4;

/** @param {Entity} entity */
const isFoe = ({ kind }) => kind === 'player' || kind === 'npc';

/** See the head of this file. It knows no page: others tell it what is pressed. */
export class Pilot {
  /** Actions whose keys are held. @type {ReadonlySet<string>} */
  held = new Set();
  /** How far the stick to walk by is pulled, from -1 to 1. */
  walkStick = { x: 0, y: 0 };
  /** How far the stick to aim by is pulled; pulled, it uses the weapon. */
  aimStick = { x: 0, y: 0 };
  /** Where the pointer is on the ground. @type {Place | undefined} */
  pointer;
  /** The button of the pointer is held. */
  isFiring = false;
  #asked = 0;
  #aim = 0;

  /** Asks for an ability in the next step. @param {number} slot from 1 on */
  press(slot) {
    this.#asked = slot;
  }

  /** Lets go of everything: somebody looks elsewhere. */
  rest() {
    this.walkStick = { x: 0, y: 0 };
    this.aimStick = { x: 0, y: 0 };
    this.isFiring = false;
    this.#asked = 0;
  }

  /**
   * The steering for a step.
   * @param {Place} own where the avatar is
   * @param {readonly Entity[]} around
   * @returns {Steering}
   */
  steer(own, around) {
    const { walk, pace } = this.#walk();
    const ability = this.#ability();
    this.#aim = this.#aimAt(own, around, ability > 0) ?? (pace > 0 ? walk : this.#aim);
    return { walk, pace, aim: this.#aim, ability };
  }

  #walk() {
    const { held, walkStick } = this;
    const x = Number(held.has('right')) - Number(held.has('left'));
    const y = Number(held.has('down')) - Number(held.has('up'));
    if (x !== 0 || y !== 0) return { walk: directionOf(x, y), pace: 100 };
    const pulled = Math.hypot(walkStick.x, walkStick.y);
    if (pulled < STICK_DEAD) return { walk: this.#aim, pace: 0 };
    return { walk: directionOf(walkStick.x, walkStick.y), pace: Math.min(Math.round(pulled * 100), 100) };
  }

  #ability() {
    const asked = this.#asked;
    this.#asked = 0;
    if (asked > 0) return asked;
    // What is held goes on: the server uses it whenever it is ready.
    for (let slot = SLOTS; slot > 0; slot -= 1) if (this.held.has(`ability_${slot}`)) return slot;
    return this.isFiring || this.#isAimPulled() ? 1 : 0;
  }

  #isAimPulled() {
    return Math.hypot(this.aimStick.x, this.aimStick.y) >= STICK_DEAD;
  }

  /** @param {Place} own @param {readonly Entity[]} around @param {boolean} isUsing @returns {number | undefined} */
  #aimAt(own, around, isUsing) {
    if (this.#isAimPulled()) return directionOf(this.aimStick.x, this.aimStick.y);
    if (this.pointer) return directionOf(this.pointer.x - own.x, this.pointer.y - own.y);
    const foe = isUsing ? nearest(own, around, REACH, isFoe) : undefined;
    return foe && directionOf(foe.x - own.x, foe.y - own.y);
  }
}
