import { StateAge } from './age.js';
import { Interpolation } from './interpolation.js';
import { Prediction } from './prediction.js';
import { Receiver } from './receiver.js';
import { writeUp } from './up.js';

/** How often a server that has not answered yet is offered the lane. */
const OFFER_INTERVAL_MS = 100;
/** Datagrams received that are acknowledged without waiting for an input to go along. An ack reaches back 32. */
const UNACKED_MAX = 8;
/** How long an ack waits for an input to go along with. Who steers has one more often. */
const ACK_WAIT_MS = 250;
/** How often everything is asked for again. */
const RESYNC_INTERVAL_MS = 50;

const PACE_MAX = 100;
const ABILITY_MAX = 8;
const SEQ_MAX = 0xffff_ffff;

/**
 * @typedef {import('./types.js').Block} Block
 * @typedef {import('./types.js').Entity} Entity
 * @typedef {import('./types.js').GameEvent} GameEvent
 * @typedef {import('./types.js').MatchStarted} MatchStarted
 * @typedef {import('./types.js').OwnState} OwnState
 * @typedef {import('./types.js').Phase} Phase
 * @typedef {import('./types.js').Predicted} Predicted
 * @typedef {import('./types.js').Steering} Steering
 *
 * @typedef {object} Seen The newest state.
 * @property {number} tick The tick it shows.
 * @property {number} inputSeq The newest input it includes.
 * @property {OwnState | null} own
 * @property {readonly Entity[]} entities
 * @property {number} alive Players still in the match.
 * @property {number} extracted Players that got out.
 *
 * @typedef {object} Fed What became of a datagram.
 * @property {import('./receiver.js').Taken} taken `newest`: there is something new to see. `late`: an overtaken one, whose events
 *   count. `outdated`: it says nothing.
 * @property {number} tick The tick of its events.
 * @property {readonly GameEvent[]} events What happened around the avatar.
 */

/**
 * One connection's datagram lane: what is around, where the own avatar will be, and what to send. It knows no sockets and no
 * clock: hand it what comes, ask it what to send, and tell it the time in milliseconds, which never runs backwards.
 *
 * ```js
 * const lane = new LaneView();
 * // on `welcome`, `match_started`, `phase` and `settled`:
 * lane.welcome(payload); lane.beginMatch(payload); lane.setPhase(payload); lane.endMatch();
 * // once the connection is lost:
 * lane.disconnect();
 * // on each binary message that begins with 5:
 * const { taken, events } = lane.feed(bytes, performance.now());
 * // once a step of the match, and a few times a second without steering:
 * const datagram = lane.takeOutgoing([{ walk: 16_384, pace: 100 }], performance.now());
 * if (datagram !== null) socket.send(datagram);
 * ```
 */
export class LaneView {
  #receiver = new Receiver();
  #prediction = new Prediction();
  #interpolation = new Interpolation();
  #age = new StateAge();
  /** The match under way, until it is settled. @type {MatchStarted | null} */
  #match = null;
  /** The match is seen by the eyes of another, who is steered elsewhere. */
  #isWatching = false;
  /** The match whose inputs are numbered. @type {string | null} */
  #numberedMatch = null;
  /** The ground comes in chunks: there are no phases. */
  #isPlace = false;
  /** Numbers inputs and acts alike. */
  #lastSeq = 0;
  /** @type {Seen | null} */
  #seen = null;
  #isWelcome = false;
  /** Number of the next datagram. */
  #seq = 0;
  #isUp = false;
  /** It may be offered, and has not been since. */
  #offersNow = false;
  #unacked = 0;
  /** @type {number | null} */
  #lastSentMs = null;

  /**
   * The server has welcomed this connection: the lane may be offered. With the payload of `welcome` a match that ended while the
   * connection was lost is known to be over.
   *
   * @param {{ current_match?: number | string | bigint | null }} [welcomed]
   */
  welcome(welcomed) {
    const current = welcomed?.current_match ?? null;
    const isOver = this.#match !== null && (current === null || String(current) !== String(this.#match.match_id));
    if (welcomed !== undefined && isOver) this.endMatch();
    this.#isWelcome = true;
    this.#offersNow = true;
  }

  /**
   * A match begins, or goes on after a reconnect: the payload of `match_started`. Inputs and acts count from 1 in each match.
   *
   * @param {MatchStarted} started
   */
  beginMatch(started) {
    const id = String(started.match_id);
    this.#match = started;
    this.#isWatching = false;
    if (this.#numberedMatch !== id) {
      this.#numberedMatch = id;
      this.#isPlace = false;
      this.#lastSeq = 0;
      this.#seen = null;
      this.#prediction.clear();
      this.#interpolation.clear();
      this.#age.clear();
      this.#receiver.begin();
      this.#unacked = 0;
    }
    this.#prediction.begin(started.side, started.obstacles, started.radius);
    this.#prediction.liveFrom(this.#isPlace ? 0 : null);
    this.#offersNow = true;
  }

  /**
   * A phase begins: the payload of `phase`. Avatars stand still but while a match is live.
   *
   * @param {Phase} phase
   */
  setPhase(phase) {
    if (this.#isPlace) return;
    if (phase.phase === 'over') this.#prediction.liveFrom(null);
    else this.#prediction.liveFrom(phase.phase === 'deploy' ? phase.ends_tick : phase.tick);
  }

  /**
   * The ground of a place of the world, which comes in chunks, is another: all that stands in the way, as far as it is known. In
   * such a place there are no phases.
   *
   * @param {readonly Block[]} obstacles
   */
  changeGround(obstacles) {
    if (this.#match === null) return;
    this.#isPlace = true;
    this.#prediction.liveFrom(0);
    this.#prediction.changeGround(this.#match.side, obstacles, this.#match.radius);
  }

  /**
   * Whether this is the match under way.
   *
   * @param {number | string | bigint} matchId
   */
  isOf(matchId) {
    return this.#match !== null && String(this.#match.match_id) === String(matchId);
  }

  /**
   * The rest of the match is seen by the eyes of another: the payload of `watching`, where it names somebody. Nothing is steered, and
   * nothing predicted; `own` is that one's.
   *
   * @param {{ avatar: number }} watching
   */
  watch({ avatar }) {
    if (this.#match === null) return;
    this.#match = { ...this.#match, avatar };
    this.#isWatching = true;
    this.#prediction.clear();
    this.#interpolation.clear();
  }

  /** The match is settled, or was left: datagrams mean nothing until the next one begins. What was seen last stays. */
  endMatch() {
    this.#match = null;
    this.#prediction.clear();
    this.#interpolation.clear();
  }

  /**
   * The connection is lost. Inputs that were not confirmed are given up: nobody steers an avatar by what was meant before. In the
   * same match they are numbered on, so that the server takes none of the old ones for new.
   */
  disconnect() {
    this.#receiver = new Receiver();
    this.#prediction.clear();
    this.#age.clear();
    this.#isWelcome = false;
    this.#seq = 0;
    this.#isUp = false;
    this.#offersNow = false;
    this.#unacked = 0;
    this.#lastSentMs = null;
  }

  /**
   * Takes a datagram, the byte 5 included.
   *
   * @param {Uint8Array} bytes
   * @param {number} nowMs
   * @returns {Fed}
   * @throws {import('./error.js').LaneError} where it cannot be read; nothing has changed then.
   */
  feed(bytes, nowMs) {
    // Without a match it is of one that is over, or of one whose announcement it overtook: unacknowledged, that comes again.
    const taken = this.#match === null ? 'outdated' : this.#receiver.take(bytes);
    if (taken === 'outdated') return { taken, tick: 0, events: [] };
    this.#isUp = true;
    this.#unacked += 1;
    if (taken === 'newest') this.#show(nowMs);
    return { taken, tick: this.#receiver.eventsTick, events: this.#receiver.events };
  }

  /** @param {number} nowMs */
  #show(nowMs) {
    const head = this.#receiver.head;
    if (head === null) return;
    const { tick, inputSeq, own, alive, extracted } = head;
    // Pages are shared by all who see them, so the avatar stands in its own.
    const avatar = this.#match?.avatar;
    const entities = this.#receiver.entities().filter((entity) => entity.id !== avatar);
    this.#seen = { tick, inputSeq, own, entities, alive, extracted };
    if (!this.#isWatching) this.#prediction.confirm(tick, inputSeq, own);
    this.#lastSeq = Math.max(this.#lastSeq, inputSeq);
    this.#interpolation.take(entities, tick, head.intervalTicks, nowMs);
    this.#age.arrive(tick, this.tickHz, nowMs);
  }

  /**
   * Steers for as many ticks as there are steerings, usually one, and returns the datagram to send; `null` where there is none to
   * send now. Call it without steerings a few times a second while nobody steers, so that what arrives is acknowledged. The first
   * ones offer the lane to the server and carry inputs as well, so no `inputs` messages are needed beside it.
   *
   * @param {readonly Steering[]} steerings
   * @param {number} nowMs
   * @returns {Uint8Array | null}
   */
  takeOutgoing(steerings, nowMs) {
    const steers = this.#match !== null && !this.#isWatching && steerings.length > 0;
    if (steers) {
      for (const steering of steerings) this.#steer(steering);
    }
    if (!this.#isWelcome || !(steers || this.#isDue(nowMs))) return null;
    const ack = this.#receiver.ack();
    const datagram = writeUp(this.#seq, ack, this.#receiver.wantsResync, this.#prediction.unconfirmed());
    this.#seq = (this.#seq + 1) & 0xffff;
    this.#offersNow = false;
    this.#unacked = 0;
    this.#lastSentMs = nowMs;
    return datagram;
  }

  /** @param {Steering} steering */
  #steer(steering) {
    const { walk = 0, pace = 0, aim = 0, ability = 0 } = steering;
    this.#prediction.steer({
      seq: this.nextSeq(),
      walk: walk & 0xffff,
      pace: Math.min(Math.max(pace, 0), PACE_MAX) | 0,
      aim: aim & 0xffff,
      ability: ability >= 0 && ability <= ABILITY_MAX ? ability | 0 : 0,
    });
  }

  /**
   * Whether something is to be said though nobody steers.
   *
   * @param {number} nowMs
   */
  #isDue(nowMs) {
    const last = this.#lastSentMs;
    const waitedMs = last === null ? Infinity : nowMs - last;
    if (!this.#isUp) return this.#offersNow || (this.#match !== null && waitedMs >= OFFER_INTERVAL_MS);
    return (
      this.#unacked >= UNACKED_MAX ||
      (this.#unacked > 0 && waitedMs >= ACK_WAIT_MS) ||
      (this.#receiver.wantsResync && waitedMs >= RESYNC_INTERVAL_MS)
    );
  }

  /** The number of the next act or command of this match: acts count with inputs. */
  nextSeq() {
    this.#lastSeq = Math.min(this.#lastSeq + 1, SEQ_MAX);
    return this.#lastSeq;
  }

  /** The number of the last input or act. */
  get lastSeq() {
    return this.#lastSeq;
  }

  /** Steps of the match a second. */
  get tickHz() {
    return Math.max(this.#match?.tick_hz ?? 30, 1);
  }

  /** Whether the server speaks the lane on this connection, as far as is known: it has said something. */
  get isUp() {
    return this.#isUp;
  }

  /** The newest state, `null` before the first of a match. */
  seen() {
    return this.#seen;
  }

  /** The own avatar as the server showed it last; `null` where there is none. */
  own() {
    return this.#seen?.own ?? null;
  }

  /**
   * Everything around, as of the newest state: in the order of names, areas after the rest, without the own avatar.
   *
   * @returns {readonly Entity[]}
   */
  entities() {
    return this.#seen?.entities ?? [];
  }

  /**
   * What is around, each thing where it is to be shown now: on its way from the state before the newest to the newest, one interval
   * between states late. In the order of names. What moved farther than anyone walks is where it is now.
   *
   * @param {number} nowMs
   * @returns {Entity[]}
   */
  interpolated(nowMs) {
    return this.#seen === null ? [] : this.#interpolation.shown(nowMs, this.tickHz);
  }

  /**
   * Where the avatar will be once the server has applied every input sent: what a player should see of it now.
   *
   * @returns {Predicted | null}
   */
  predicted() {
    return this.#prediction.predicted();
  }

  /** How often a prediction was wrong, and by how much. A healthy link causes none. */
  corrections() {
    return this.#prediction.corrections();
  }

  /** How often what this connection's datagrams told did not add up. Each time everything was asked for again. */
  get divergences() {
    return this.#receiver.divergences;
  }

  /**
   * How old what is shown is, in milliseconds: counted from the fastest way that a state took lately, so 0 is as new as this link
   * brings it. `null` before the first state.
   *
   * @param {number} nowMs
   * @returns {number | null}
   */
  stateAgeMs(nowMs) {
    return this.#age.at(nowMs);
  }
}
