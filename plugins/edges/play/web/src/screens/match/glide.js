// Where the own avatar is shown between two steps: it is predicted once a step, and drawn more often.

/** Farther than this in one step nobody walks: it was put there, and is shown there at once. */
const LEAP = 4 * 256;

export class Glide {
  #from = { x: 0, y: 0 };
  #to = { x: 0, y: 0 };
  #atMs = 0;
  #stepMs = 33;
  #isKnown = false;

  /** @param {{ x: number, y: number }} place predicted now @param {number} nowMs @param {number} stepMs until the next one */
  take(place, nowMs, stepMs) {
    const shown = this.at(nowMs);
    const isFar = !shown || Math.abs(shown.x - place.x) > LEAP || Math.abs(shown.y - place.y) > LEAP;
    const { x, y } = isFar ? place : shown;
    this.#from.x = x;
    this.#from.y = y;
    this.#to.x = place.x;
    this.#to.y = place.y;
    this.#atMs = nowMs;
    this.#stepMs = stepMs;
    this.#isKnown = true;
  }

  /** Where it is shown; nowhere before it was predicted. The same object each time. @param {number} nowMs */
  at(nowMs) {
    if (!this.#isKnown) return undefined;
    const part = Math.min(Math.max((nowMs - this.#atMs) / this.#stepMs, 0), 1);
    this.#shown.x = this.#from.x + (this.#to.x - this.#from.x) * part;
    this.#shown.y = this.#from.y + (this.#to.y - this.#from.y) * part;
    return this.#shown;
  }

  #shown = { x: 0, y: 0 };
}
