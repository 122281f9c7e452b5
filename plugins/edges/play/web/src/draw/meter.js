// Counts frames and what the script takes for each, and writes that to an element once a second: `data-frames`, `data-fps`, `data-script-ms`.

/** How often it is written. */
const EVERY_MS = 1_000;

export class FrameMeter {
  #element;
  #frames = 0;
  #sinceMs = 0;
  #framesSince = 0;
  #scriptMs = 0;
  #beganMs = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
  }

  /** A frame begins. @param {number} nowMs */
  begin(nowMs) {
    this.#beganMs = nowMs;
    if (this.#sinceMs === 0) this.#sinceMs = nowMs;
  }

  /** The script of the frame is done. Returns whether the figures are new. @param {number} nowMs */
  end(nowMs) {
    this.#frames += 1;
    this.#framesSince += 1;
    this.#scriptMs += nowMs - this.#beganMs;
    const passed = nowMs - this.#sinceMs;
    if (passed < EVERY_MS) return false;
    const { dataset } = this.#element;
    dataset.frames = String(this.#frames);
    dataset.fps = ((this.#framesSince * 1_000) / passed).toFixed(1);
    dataset.scriptMs = (this.#scriptMs / this.#framesSince).toFixed(2);
    this.#sinceMs = nowMs;
    this.#framesSince = 0;
    this.#scriptMs = 0;
    return true;
  }
}
