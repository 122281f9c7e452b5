// Requests that wait for their answers, also over a cut: what was not answered is asked again, by the same number.

import { HypogeumError } from './errors.js';

/** Requests that may wait at once. */
const WAITING_MAX = 256;

/**
 * @typedef {object} Waiting
 * @property {number} id
 * @property {string} type
 * @property {any} payload
 * @property {string} answer the type that answers it
 * @property {number} saidCount how often it was said
 * @property {(payload: any) => void} resolve
 * @property {(error: HypogeumError) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

export class Requests {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #lastId = 0;

  /**
   * @param {(request: Waiting) => boolean} say says it if there is a connection
   */
  constructor(say) {
    this.say = say;
  }

  /** The next number, which no request that waits has. */
  nextId() {
    do {
      this.#lastId = (this.#lastId % 0xffffffff) + 1;
    } while (this.#waiting.has(this.#lastId));
    return this.#lastId;
  }

  /**
   * @param {string} type
   * @param {any} payload
   * @param {string} answer
   * @param {number} timeoutMs
   * @returns {Promise<any>}
   */
  ask(type, payload, answer, timeoutMs) {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= WAITING_MAX) {
        reject(new HypogeumError('too_many_waiting', `${WAITING_MAX} requests wait for their answers`, { about: type }));
        return;
      }
      const id = this.nextId();
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new HypogeumError('timeout', `no answer to ${type} in ${timeoutMs} ms`, { about: type }));
      }, timeoutMs);
      /** @type {Waiting} */
      const request = { id, type, payload, answer, saidCount: 0, resolve, reject, timer };
      this.#waiting.set(id, request);
      if (this.say(request)) request.saidCount += 1;
    });
  }

  /** Asks again what was not answered, in the order in which it was asked. */
  askAgain() {
    for (const request of this.#waiting.values()) if (this.say(request)) request.saidCount += 1;
  }

  /**
   * Takes what may be an answer.
   * @param {import('./envelope.js').Envelope} message
   */
  take({ type, id, payload }) {
    const request = id === undefined ? this.#answeredUnasked(type, payload) : this.#waiting.get(id);
    if (!request) return;
    if (type === 'error') this.#done(request).reject(HypogeumError.of(payload, { about: request.type }));
    else if (type === 'queue_refused' && request.type.startsWith('join_queue')) {
      this.#done(request).reject(new HypogeumError(type, 'nobody queues', { about: request.type, body: payload }));
    } else if (type === request.answer) this.#done(request).resolve(payload);
  }

  /**
   * Ends all that wait.
   * @param {HypogeumError} error
   */
  fail(error) {
    for (const request of [...this.#waiting.values()]) this.#done(request).reject(error);
  }

  /**
   * A place in line that outlived a cut is told unasked after the welcome: that answers the request for it, whose second asking will be
   * refused because one is in line already.
   * @param {string} type
   * @param {any} payload
   */
  #answeredUnasked(type, payload) {
    if (type !== 'queued') return undefined;
    return [...this.#waiting.values()].find(
      (request) => request.type === 'join_queue' && request.saidCount > 1 && request.payload.mode === payload.mode,
    );
  }

  /** @param {Waiting} request */
  #done(request) {
    clearTimeout(request.timer);
    this.#waiting.delete(request.id);
    return request;
  }
}
