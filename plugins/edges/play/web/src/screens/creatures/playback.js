// Shows what happened in a battle one blow after the other, and at once where somebody wants that. No page is needed for it.

/**
 * @template T
 */
export class Playback {
  /** @type {T[]} */
  #queue = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isResting = false;

  /**
   * @param {object} options
   * @param {(beat: T) => void} options.show
   * @param {() => void} options.idle called when all is shown
   * @param {(beat: T) => number} options.lasts milliseconds that a beat is looked at; 0: none
   */
  constructor({ show, idle, lasts }) {
    this.show = show;
    this.idle = idle;
    this.lasts = lasts;
  }

  /** Whether something is still shown, or to be. */
  get isBusy() {
    return this.#isResting || this.#queue.length > 0;
  }

  /** @param {readonly T[]} beats */
  push(beats) {
    if (beats.length === 0) return;
    this.#queue.push(...beats);
    if (!this.#isResting) this.#next();
  }

  /** Shows all the rest at once. */
  skip() {
    clearTimeout(this.#timer);
    this.#isResting = false;
    for (const beat of this.#queue.splice(0)) this.show(beat);
    this.idle();
  }

  end() {
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#isResting = false;
  }

  #next() {
    this.#isResting = false;
    for (let beat = this.#queue.shift(); beat !== undefined; beat = this.#queue.shift()) {
      this.show(beat);
      const ms = this.lasts(beat);
      if (ms <= 0) continue;
      this.#isResting = true;
      this.#timer = setTimeout(() => this.#next(), ms);
      return;
    }
    this.idle();
  }
}
