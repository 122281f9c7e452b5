import { Obstacles } from './obstacles.js';
import { distance } from './turn.js';
import { walked } from './walk.js';

/** Inputs kept while the server confirms none: two seconds at 30 Hz. Beyond that nobody can say what it will apply. */
const INPUTS_MAX = 64;

/**
 * @typedef {import('./types.js').Block} Block
 * @typedef {import('./types.js').Input} Input
 * @typedef {import('./types.js').OwnState} OwnState
 * @typedef {import('./types.js').Position} Position
 *
 * @typedef {object} Origin What the server said last of the avatar.
 * @property {number} tick
 * @property {number} inputSeq
 * @property {Position} at
 * @property {number} heading
 * @property {number} speed
 */

/**
 * Where the own avatar is before the server says so: the server's state and the inputs it has not applied yet, by the server's own
 * rule of movement. Each state that comes is the new beginning, and the inputs after it are walked again.
 */
export class Prediction {
  /** @type {{ obstacles: Obstacles, radius: number } | null} */
  #ground = null;
  /** @type {Origin | null} */
  #origin = null;
  /** Inputs on their way, and where each leaves the avatar. @type {{ input: Input, at: Position }[]} */
  #inputs = [];
  /** The first tick anyone may walk; none before that is known. @type {number | null} */
  #liveTick = null;
  /** @type {import('./types.js').Corrections} */
  #corrections = { count: 0, last: 0, largest: 0 };

  /**
   * A match begins, or goes on: on this ground, for a body of this radius.
   *
   * @param {number} side
   * @param {readonly Block[]} obstacles
   * @param {number} radius
   */
  begin(side, obstacles, radius) {
    this.#ground = { obstacles: new Obstacles(side, obstacles), radius };
    this.#liveTick = null;
  }

  /**
   * The ground is another, or more of it is known: what is under way leads elsewhere.
   *
   * @param {number} side
   * @param {readonly Block[]} obstacles
   * @param {number} radius
   */
  changeGround(side, obstacles, radius) {
    this.#ground = { obstacles: new Obstacles(side, obstacles), radius };
    if (this.#origin !== null) this.#predictFrom(this.#origin.at);
  }

  /** Forgets what is under way: it belongs to another match or connection. */
  clear() {
    this.#inputs = [];
    this.#origin = null;
  }

  /**
   * From this tick on avatars walk; `null` where they do not, or nobody knows.
   *
   * @param {number | null} tick
   */
  liveFrom(tick) {
    this.#liveTick = tick;
  }

  /** The inputs that the server has not confirmed, oldest first. */
  unconfirmed() {
    return this.#inputs.map(({ input }) => input);
  }

  /**
   * Takes a new input.
   *
   * @param {Input} input
   */
  steer(input) {
    if (this.#inputs.length >= INPUTS_MAX) this.#inputs.shift();
    const from = this.#inputs.at(-1)?.at ?? this.#origin?.at;
    const at = from === undefined ? { x: 0, y: 0 } : this.#step(from, input, this.#inputs.length);
    this.#inputs.push({ input, at });
  }

  /**
   * Where an input leads that is the `nth` since the origin, counted from 0. One is applied a tick.
   *
   * @param {Position} from
   * @param {Input} input
   * @param {number} nth
   * @returns {Position}
   */
  #step(from, input, nth) {
    if (this.#ground === null || this.#origin === null) return from;
    const tick = this.#origin.tick + nth + 1;
    if (this.#liveTick === null || tick < this.#liveTick) return from;
    const { obstacles, radius } = this.#ground;
    return walked(obstacles, from, input.walk, input.pace, this.#origin.speed, radius);
  }

  /**
   * Takes the avatar's state as of a tick, which includes the inputs up to `inputSeq`, and predicts again from there. `null` where
   * there is no avatar any more.
   *
   * @param {number} tick
   * @param {number} inputSeq
   * @param {OwnState | null} own
   */
  confirm(tick, inputSeq, own) {
    const before = this.#origin;
    let expected = before !== null && before.inputSeq === inputSeq ? before.at : null;
    while (this.#inputs.length > 0 && this.#inputs[0].input.seq <= inputSeq) {
      const { input, at } = this.#inputs[0];
      this.#inputs.shift();
      // Without an origin there was nothing to predict from.
      expected = input.seq === inputSeq && before !== null ? at : null;
    }
    if (own === null) {
      this.clear();
      return;
    }
    const at = { x: own.x, y: own.y };
    this.#origin = { tick, inputSeq, at, heading: own.heading, speed: own.speed };
    if (this.#ground !== null && expected !== null && (expected.x !== at.x || expected.y !== at.y)) {
      const off = distance(expected, at);
      const { count, largest } = this.#corrections;
      this.#corrections = { count: count + 1, last: off, largest: Math.max(largest, off) };
    }
    this.#predictFrom(at);
  }

  /**
   * Works out again where each input leads.
   *
   * @param {Position} from
   */
  #predictFrom(from) {
    let at = from;
    this.#inputs.forEach((under, nth) => {
      at = this.#step(at, under.input, nth);
      under.at = at;
    });
  }

  /**
   * Where the avatar will be once the server has applied every input sent; `null` where there is none, or nothing is known of it.
   *
   * @returns {import('./types.js').Predicted | null}
   */
  predicted() {
    if (this.#origin === null || this.#ground === null) return null;
    const last = this.#inputs.at(-1);
    const at = last === undefined ? this.#origin.at : last.at;
    const heading = last === undefined ? this.#origin.heading : last.input.aim;
    return { x: at.x, y: at.y, heading };
  }

  corrections() {
    return this.#corrections;
  }
}
