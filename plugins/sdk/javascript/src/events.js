// Typed events, and three ways to wait for them.

import { HypogeumError } from './errors.js';

/** Events that wait in a loop which does not take them; older ones are left out beyond it. */
const WAITING_MAX = 1_024;

/**
 * @template {object} Events from names to what is told
 */
export class Emitter {
  /** @type {Map<keyof Events, Set<(event: any) => void>>} */
  #listeners = new Map();
  /** @type {Set<(error: HypogeumError) => void>} */
  #ends = new Set();
  /** @type {HypogeumError | undefined} */
  #ended;

  /**
   * Calls `listener` with each event of this name. Returns what ends that.
   * @template {keyof Events} K
   * @param {K} name
   * @param {(event: Events[K]) => void} listener
   * @returns {() => void}
   */
  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /**
   * The next event of this name, or the next one that `where` likes.
   * @template {keyof Events} K
   * @param {K} name
   * @param {{ timeoutMs?: number, where?: (event: Events[K]) => boolean }} [options] without `timeoutMs` it waits until all ends
   * @returns {Promise<Events[K]>}
   * @throws {HypogeumError} `timeout`, or why there are no more events
   */
  next(name, { timeoutMs, where = () => true } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const done = () => {
        clearTimeout(timer);
        off();
        this.#ends.delete(end);
      };
      const end = (/** @type {HypogeumError} */ error) => (done(), reject(error));
      const off = this.on(name, (event) => {
        if (!where(event)) return;
        done();
        resolve(event);
      });
      this.#ends.add(end);
      if (timeoutMs !== undefined) {
        timer = setTimeout(() => end(new HypogeumError('timeout', `no ${String(name)} in ${timeoutMs} ms`)), timeoutMs);
      }
    });
  }

  /**
   * Events of this name from now on, until the connection ends for good: `for await (const event of client.each('events'))`. Of those
   * that wait to be taken the newest 1,024 are kept.
   * @template {keyof Events} K
   * @param {K} name
   * @returns {AsyncGenerator<Events[K], void, void>}
   */
  each(name) {
    /** @type {Events[K][]} */
    const waiting = [];
    let wake = () => {};
    let isOver = this.#ended !== undefined;
    const off = this.on(name, (event) => {
      waiting.push(event);
      if (waiting.length > WAITING_MAX) waiting.shift();
      wake();
    });
    const end = () => {
      isOver = true;
      wake();
    };
    this.#ends.add(end);
    const done = () => {
      off();
      this.#ends.delete(end);
    };
    return (async function* take() {
      try {
        for (;;) {
          while (waiting.length) yield /** @type {Events[K]} */ (waiting.shift());
          if (isOver) return;
          await new Promise((resolve) => {
            wake = () => resolve(undefined);
          });
        }
      } finally {
        done();
      }
    })();
  }

  /**
   * @protected
   * @template {keyof Events} K
   * @param {K} name
   * @param {Events[K]} event
   */
  emit(name, event) {
    // One that throws keeps nobody else from hearing it: its error goes where errors of timers go.
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /**
   * Nothing more comes but what `tell` tells. Whoever begins again in there waits for what comes after.
   * @protected
   * @param {HypogeumError} error
   * @param {() => void} tell
   */
  endAll(error, tell) {
    this.#ended = error;
    const ends = [...this.#ends];
    tell();
    for (const end of ends) end(error);
  }

  /**
   * More may come again.
   * @protected
   */
  beginAgain() {
    this.#ended = undefined;
  }
}
