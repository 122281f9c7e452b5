/** How far behind the newest a datagram may arrive and still count: what an acknowledgement can tell. */
export const LATE_MAX = 32;
/** Where counting begins, so that nothing is before the beginning. */
const FIRST_ROUND = 65_536;

/**
 * What a datagram's number says of it: newer than all before; overtaken, but not here before; here before, or of a time that
 * does not count; too old to tell.
 *
 * @typedef {'newest' | 'late' | 'outdated' | 'stray'} Arrival
 *
 * @typedef {{ newest: number, before: number }} Ack
 */

/** Which of the server's datagrams have arrived. The 16 bits on the wire go on counting here and never wrap. */
export class Arrivals {
  /** @type {number | null} */
  #newest = null;
  /** Bit n: the one n + 1 before the newest is here. */
  #before = 0;
  /** Nothing below this counts. */
  #floor = 0;

  /**
   * What a datagram of this number would be; nothing is noted yet.
   *
   * @param {number} seq
   * @returns {{ arrival: Arrival, number: number }}
   */
  judge(seq) {
    const newest = this.#newest;
    if (newest === null) return { arrival: 'newest', number: FIRST_ROUND + seq };
    const ahead = ((seq - newest) << 16) >> 16;
    const number = newest + ahead;
    if (ahead > 0) return { arrival: 'newest', number };
    if (ahead === 0) return { arrival: 'outdated', number };
    if (-ahead > LATE_MAX) return { arrival: 'stray', number };
    const isFresh = number >= this.#floor && (this.#before & bit(-ahead)) === 0;
    return { arrival: isFresh ? 'late' : 'outdated', number };
  }

  /**
   * Notes one that was judged newest or late.
   *
   * @param {number} number
   */
  note(number) {
    const newest = this.#newest;
    if (newest === null) {
      this.#newest = number;
    } else if (number > newest) {
      // The one that was newest becomes a bit, too.
      const mask = (this.#before << 1) | (newest >= this.#floor ? 1 : 0);
      const by = number - newest;
      this.#before = by > LATE_MAX ? 0 : (mask << (by - 1)) >>> 0;
      this.#newest = number;
    } else {
      this.#before = (this.#before | bit(newest - number)) >>> 0;
    }
  }

  /**
   * Nothing before this one counts, come or not.
   *
   * @param {number} number
   */
  restartAt(number) {
    this.#newest = number;
    this.#before = 0;
    this.#floor = number;
  }

  /** Nothing up to the newest counts any more or is told, though the numbers go on. */
  closeThePast() {
    this.#before = 0;
    this.#floor = this.#newest === null ? 0 : this.#newest + 1;
  }

  /**
   * What the server is told; `null` where nothing that counts has arrived.
   *
   * @returns {Ack | null}
   */
  ack() {
    if (this.#newest === null || this.#newest < this.#floor) return null;
    return { newest: this.#newest & 0xffff, before: this.#before };
  }
}

/**
 * The bit of the one this far behind the newest: 1 to {@link LATE_MAX}.
 *
 * @param {number} behind
 */
function bit(behind) {
  return behind < 1 || behind > LATE_MAX ? 0 : 1 << (behind - 1);
}
