import { Arrivals, LATE_MAX } from './arrivals.js';
import { contains, readBody, readHead } from './down.js';
import { Pages } from './pages.js';

/**
 * Datagrams in a row that are far too old, after which they are believed: the sender counts from elsewhere, and what was newest
 * was a leftover of another time.
 */
const STRAYS_MAX = 64;

/**
 * @typedef {import('./down.js').DownHead} DownHead
 * @typedef {import('./down.js').DownBody} DownBody
 *
 * What became of a datagram: it is the newest; it was overtaken, and its events count as well as what no newer one told; or it
 * was here before, is too old, or of a match that is over.
 *
 * @typedef {'newest' | 'late' | 'outdated'} Taken
 */

/** Everything that the datagrams of one connection told: `PROTOCOL.md`, section 7, `take`. */
export class Receiver {
  #arrivals = new Arrivals();
  #strays = 0;
  #pages = new Pages();
  /** The newest datagrams' numbers and interests, oldest first. @type {{ number: number, interest: import('./down.js').CellBox }[]} */
  #interests = [];
  /** Everything is to be sent again. */
  #wantsResync = false;
  #divergences = 0;
  /** @type {DownHead | null} */
  #head = null;
  /** @type {import('./types.js').Entity[]} */
  #areas = [];
  /** @type {import('./types.js').GameEvent[]} */
  #events = [];
  #eventsTick = 0;

  /**
   * Takes one datagram, lane byte included. One that cannot be read changes nothing.
   *
   * @param {Uint8Array} bytes
   * @returns {Taken}
   */
  take(bytes) {
    const { head, reader } = readHead(bytes);
    let { arrival, number } = this.#arrivals.judge(head.seq);
    this.#strays = arrival === 'stray' ? this.#strays + 1 : 0;
    const startsOver = this.#strays >= STRAYS_MAX;
    if (startsOver) ({ arrival, number } = new Arrivals().judge(head.seq));
    const knownTick = startsOver || this.#head === null ? null : this.#head.tick;
    const isNewest = arrival === 'newest';
    // One that was overtaken cannot be of a later tick: it is of another match.
    const isLate = arrival === 'late' && knownTick !== null && head.tick <= knownTick;
    if (!isNewest && !isLate) return 'outdated';
    const body = readBody(reader, head);
    if (startsOver) this.begin();
    if (isNewest && knownTick !== null && head.tick < knownTick) {
      // Time runs backwards only from one match to the next: what was newest was a leftover.
      this.#pages.clear();
      this.#interests = [];
    }
    this.#takeBody(head, body, number, isNewest);
    this.#events = body.events;
    this.#eventsTick = head.tick;
    if (!isNewest) return 'late';
    this.#areas = body.areas;
    this.#head = head;
    return 'newest';
  }

  /**
   * @param {DownHead} head
   * @param {DownBody} body
   * @param {number} number
   * @param {boolean} isNewest
   */
  #takeBody(head, body, number, isNewest) {
    if (isNewest) this.#pages.forgetOutside(head.interest);
    const rebuilds = this.#wantsResync;
    // While everything is asked for again, the first datagram to build on is one that itself builds on nothing.
    const isTaken = !rebuilds || (isNewest && head.isKeyframe);
    const isSound = isTaken && this.#takePages(head, body, number);
    this.#arrivals.note(number);
    if (isTaken && !isSound) {
      this.#diverge();
    } else if (!isTaken) {
      // What is in it is not kept, so it has not arrived.
      this.#arrivals.closeThePast();
    } else if (rebuilds) {
      this.#wantsResync = false;
      this.#interests = [];
      this.#arrivals.restartAt(number);
    }
    if (!isNewest) return;
    this.#interests.push({ number, interest: head.interest });
    while (number - this.#interests[0].number > LATE_MAX) this.#interests.shift();
  }

  /**
   * Takes the pages; whether they now are what the sender's are, as far as this datagram can tell.
   *
   * @param {DownHead} head
   * @param {DownBody} body
   * @param {number} number
   */
  #takePages(head, body, number) {
    let sum = 0;
    let isWhole = true;
    let hasStranger = false;
    for (const block of body.pages) {
      // A page that was left for a while since is not what the sender meant any more.
      const wasLeft = this.#interests.some(
        (later) => later.number > number && !contains(later.interest, block.row, block.column),
      );
      const applied = wasLeft ? null : this.#pages.apply(block, number);
      if (applied === null) {
        isWhole = false;
      } else {
        sum = (sum + applied.check) | 0;
        hasStranger ||= applied.hasStranger;
      }
    }
    return !hasStranger && (!isWhole || sum >>> 0 === head.check);
  }

  /** What is known is wrong somewhere: none of it is worth anything. */
  #diverge() {
    this.#divergences += 1;
    this.#pages.clear();
    this.#wantsResync = true;
    this.#arrivals.closeThePast();
  }

  /** Another match begins: nothing told before means anything for it, and numbers may begin again. */
  begin() {
    this.#pages.clear();
    this.#interests = [];
    this.#areas = [];
    this.#arrivals = new Arrivals();
    this.#strays = 0;
    this.#head = null;
    this.#wantsResync = false;
  }

  /** Head of the newest datagram. */
  get head() {
    return this.#head;
  }

  /** Events of the datagram taken last. */
  get events() {
    return this.#events;
  }

  /** The tick of those events. */
  get eventsTick() {
    return this.#eventsTick;
  }

  /** How often what was known turned out to be wrong. */
  get divergences() {
    return this.#divergences;
  }

  /** Whether everything is to be sent again. */
  get wantsResync() {
    return this.#wantsResync;
  }

  /** What has arrived, as the server is told. */
  ack() {
    return this.#arrivals.ack();
  }

  /** What is around, in the order of names, areas after the rest. */
  entities() {
    return [...this.#pages.entities(), ...this.#areas];
  }
}
