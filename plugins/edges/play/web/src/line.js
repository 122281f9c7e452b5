// The line for a match: joins it, and asks again by itself where the server says when.

import { HypogeumError } from '../sdk/errors.js';

/** See the head of this file. What comes of it is in the state of the lobby. */
export class Line {
  /** Counts wishes: what an earlier one still waits for is void. */
  #wish = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import('./app.js').AppStore} store @param {import('./link.js').Link} link */
  constructor(store, link) {
    this.store = store;
    this.link = link;
  }

  /** @param {string} mode */
  join(mode) {
    this.#stop();
    return this.#ask(mode, this.#wish);
  }

  async leave() {
    const isIn = this.store.state.lobby.queue?.stand !== 'again';
    this.#stop();
    this.store.dispatch('ui/queue_left');
    try {
      if (isIn) await this.link.client?.leaveQueue();
    } catch (error) {
      this.link.failed(error);
    }
  }

  #stop() {
    this.#wish += 1;
    clearTimeout(this.#timer);
  }

  /** @param {string} mode @param {number} wish */
  async #ask(mode, wish) {
    const { client } = this.link;
    if (!client) return;
    this.store.dispatch('ui/queue_asked', { mode, at_ms: Date.now() });
    try {
      await client.joinQueue(mode);
    } catch (error) {
      if (wish === this.#wish) this.#refused(mode, wish, error);
    }
  }

  /** @param {string} mode @param {number} wish @param {unknown} error */
  #refused(mode, wish, error) {
    if (!(error instanceof HypogeumError)) throw error;
    const { code, retryAfterMs, message } = error;
    // The message itself has told the state, and what of the party is in the way.
    if (code === 'queue_refused') return;
    if (retryAfterMs === undefined || retryAfterMs <= 0) return this.store.dispatch('ui/queue_refused', { mode, words: message });
    this.store.dispatch('ui/queue_again', { again_ms: Date.now() + retryAfterMs, words: message });
    this.#timer = setTimeout(() => {
      // Somebody may have logged out, or be in line already, by another answer.
      if (wish === this.#wish && this.store.state.lobby.queue?.stand === 'again') void this.#ask(mode, wish);
    }, retryAfterMs);
  }
}
