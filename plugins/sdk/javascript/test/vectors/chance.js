/** Chance and digests as the Rust tests have them that make the vectors: all in 32 bits. */

/** @param {number} number */
function mixed(number) {
  const once = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** A Weyl sequence under the finaliser of MurmurHash3, from a key. */
export class Chance {
  #state;

  /** @param {number} key */
  constructor(key) {
    this.#state = mixed(key ^ 0x5bf0_3635);
  }

  /** Any 32 bits. */
  roll() {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    return mixed(this.#state);
  }

  /** @param {number} bound */
  below(bound) {
    return this.roll() % bound;
  }

  /**
   * From one number to another, both included.
   *
   * @param {number} low
   * @param {number} high
   */
  between(low, high) {
    return (low + this.below(high - low + 1)) | 0;
  }

  /**
   * @template T
   * @param {readonly T[]} from
   */
  pick(from) {
    return from[this.below(from.length)];
  }
}

/** What many numbers come to. */
export class Digest {
  #sum = 0;

  /** @param {number} number */
  mix(number) {
    this.#sum = Math.imul(((this.#sum << 5) | (this.#sum >>> 27)) ^ number, 0x9e37_79b1);
  }

  get number() {
    return this.#sum >>> 0;
  }

  get hex() {
    return this.number.toString(16).padStart(8, '0');
  }
}

const KINDS = ['player', 'npc', 'item', 'container', 'projectile', 'hazard', 'storm'];

/**
 * Everything of these in one number.
 *
 * @param {readonly import('../../src/lane/types.js').Entity[]} entities
 */
export function digestOf(entities) {
  const digest = new Digest();
  for (const { id, kind, template, x, y, heading, hp_band, extent } of entities) {
    for (const number of [id, KINDS.indexOf(kind), template, x, y, heading, hp_band, extent]) digest.mix(number);
  }
  return digest;
}
