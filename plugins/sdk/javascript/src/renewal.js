// A token that ends while a connection stands is replaced before it does.

/** How long before its end, where it is good for long enough. */
const LEAD_MS = 60_000;
const AGAIN_MS = 5_000;
/** Longer than that no timer waits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Renewal {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import('./tokens.js').Tokens} tokens
   * @param {(token: string) => Promise<unknown>} renew shows the new one to the server
   * @param {(error: unknown) => void} failed
   */
  constructor(tokens, renew, failed) {
    this.tokens = tokens;
    this.renew = renew;
    this.failed = failed;
  }

  /** Begins to watch, or begins again. */
  start() {
    const left = this.tokens.leftMs;
    const lead = Math.min(LEAD_MS, left / 4);
    this.#in(left - lead, 2 * lead);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * @param {number} ms
   * @param {number} aheadMs
   */
  #in(ms, aheadMs) {
    this.stop();
    const timer = setTimeout(() => void this.#do(timer, aheadMs), Math.min(TIMER_MS_MAX, Math.max(0, ms)));
    this.#timer = timer;
  }

  /**
   * @param {ReturnType<typeof setTimeout>} timer
   * @param {number} aheadMs
   */
  async #do(timer, aheadMs) {
    try {
      const token = await this.tokens.token({ aheadMs });
      if (this.#timer !== timer) return;
      await this.renew(token);
      if (this.#timer === timer) this.start();
    } catch (error) {
      if (this.#timer !== timer) return;
      this.failed(error);
      // The old one stays as good as it is; where it ends the server closes, and the way back in is the usual one.
      if (this.tokens.leftMs > 0) this.#in(AGAIN_MS, aheadMs);
    }
  }
}
