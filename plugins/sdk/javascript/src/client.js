// What a client says, and the numbering of it.

import { LaneSession } from './lane_session.js';
import { Session } from './session.js';

/** @typedef {import('../types/messages.js').ServerPayloads} ServerPayloads */
/** @typedef {import('../types/messages.js').ItemId} ItemId */
/** @typedef {import('../types/messages.js').WorldCommand} WorldCommand */
/** @typedef {import('./session.js').ClientOptions} ClientOptions */
/** @typedef {{ walk?: number, pace?: number, aim?: number, ability?: number }} Steering */

/** Newest inputs that are sent until a snapshot confirms them. */
const BATCH_MAX = 4;

/** A session with a method for each thing that can be said. Listen before you connect: what follows the welcome is told at once. */
export class Client extends Session {
  /**
   * The match, or the place of the world, that it is in.
   * @type {ServerPayloads['match_started'] | undefined}
   */
  match;

  /** The match is seen by the eyes of another: nothing is steered. */
  isWatching = false;

  #lastSeq = 0;
  /** @type {import('../types/messages.js').Input[]} */
  #inputs = [];
  /** @type {LaneSession | undefined} */
  #laneSession;

  /**
   * @param {import('./api.js').Api} api with a login
   * @param {ClientOptions} [options]
   */
  constructor(api, options = {}) {
    super(api, options);
    if (options.lane) this.#laneSession = new LaneSession(this, (name, event) => this.emit(name, event));
  }

  /** What the datagram lane knows: the own avatar as predicted, others between two states, how old the state is. Only with the option `lane`. */
  get lane() {
    return this.#laneSession?.lane;
  }

  /** What is known of the place of the world: rooms, doors, walls. The event `ground` tells when it is another. Only with the option `lane`. */
  get ground() {
    return this.#laneSession?.ground;
  }

  /**
   * Of a party only its leader queues, and for all of it: where it cannot, the error is `queue_refused`.
   * @param {string} mode a name of the welcome's list
   */
  joinQueue(mode) {
    return this.request('join_queue', { mode });
  }

  /**
   * Joins the line of a mode with people who fit: `properties` say what one is, and `query` whom one wants, as `+region:eu -mood:grim level:10..20`
   * (`PROTOCOL.md` says how one is written). Where either is none, the error is `queue_refused`, and its `body` says where in `why`.
   * @param {string} mode
   * @param {{ properties?: Record<string, string | number | bigint>, query?: string }} [criteria]
   */
  joinQueueWith(mode, { properties = {}, query = '' } = {}) {
    const list = Object.entries(properties).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? { text: { text: value } } : { number: { number: value } },
    }));
    return this.request('join_queue_with', { mode, properties: list, query });
  }

  /**
   * Why one still waits in line: for how long, how the rating window grew, and which of those nearest fell to which rule. Where the ticket
   * has a query or properties, `query_explained` comes before.
   */
  askQueue() {
    return this.request('ask_queue', {});
  }

  leaveQueue() {
    return this.request('leave_queue', {});
  }

  /** @param {ItemId[]} items of the stash that `loadout_open` told; at most 16 */
  chooseLoadout(items = []) {
    return this.request('choose_loadout', { items });
  }

  /** How long the way to the server and back takes, in milliseconds. */
  async ping() {
    const nonce = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    const began = performance.now();
    await this.request('ping', { nonce });
    return performance.now() - began;
  }

  /** @param {number[]} avatars at most 32 */
  askNames(avatars) {
    return this.request('ask_names', { avatars });
  }

  /** @param {number | bigint} game @param {boolean} [isFollowed] */
  followGame(game, isFollowed = true) {
    return this.request('follow_game', { game, is_followed: isFollowed });
  }

  /**
   * Does something in a party, or about one; `party_changed` tells what came of it, and `error` what was refused.
   * @param {import('../types/messages.js').PartyAct} act
   */
  party(act) {
    return this.say('party', { act });
  }

  /**
   * Watches the rest of a match in which one is dead or out, once that is settled: `next`, `previous`, `nobody` any more, or
   * `{ participant: { avatar } }`. Refused where its mode does not show it.
   * @param {number | bigint} matchId @param {import('../types/messages.js').Watched} [whom]
   */
  watch(matchId, whom = 'next') {
    return this.request('watch', { match_id: matchId, whom });
  }

  /** The next number of an input, an act or a command. */
  nextSeq() {
    if (this.lane) return this.lane.nextSeq();
    this.#lastSeq += 1;
    return this.#lastSeq;
  }

  /**
   * Steers the avatar for one tick of the match, and sends that with what no snapshot has confirmed.
   * @param {Steering} steering directions in 1/65536 turns, `pace` in percent, `ability` a slot from 1 to 8
   * @returns {number} the number of the input
   */
  steer({ walk = 0, pace = 0, aim = walk, ability = 0 }) {
    if (this.isWatching) return this.lane?.lastSeq ?? this.#lastSeq;
    if (this.#laneSession) return this.#laneSession.steer({ walk, pace, aim, ability });
    const seq = this.nextSeq();
    this.#inputs.push({ seq, walk: walk & 0xffff, pace, aim: aim & 0xffff, ability });
    if (this.#inputs.length > BATCH_MAX) this.#inputs.shift();
    this.say('inputs', { batch: this.#inputs });
    return seq;
  }

  /**
   * Does something with a thing. What cannot be done is told as the event `refused` with this number.
   * @param {import('../types/messages.js').Act} act
   * @param {number | null} [seen] the version of the item that was seen
   * @returns {number}
   */
  act(act, seen = null) {
    const seq = this.nextSeq();
    this.say('act', { seq, act, seen });
    return seq;
  }

  /**
   * Gives a command: of a world, or the bytes that another game means by it.
   * @param {WorldCommand | Uint8Array} command
   * @returns {number}
   */
  command(command) {
    const seq = this.nextSeq();
    const body = command instanceof Uint8Array ? command : this.schema.encode(this.schema.protocol.bodies.command, command);
    this.say('command', { seq, body });
    return seq;
  }

  /** @param {string} [wish] what a new character is to be */
  enterWorld(wish = '') {
    return this.say('enter_world', { wish });
  }

  leaveMatch() {
    return this.say('leave_match', {});
  }

  /** @param {import('../types/messages.js').ChatChannel} channel @param {string} words @param {{ to?: string, isEmote?: boolean }} [options] */
  chat(channel, words, { to = '', isEmote = false } = {}) {
    return this.say('chat', { channel, to, words, is_emote: isEmote });
  }

  /**
   * Keeps what the numbering needs.
   * @protected
   * @override
   * @param {string} type
   * @param {any} payload
   */
  noted(type, payload) {
    if (type === 'match_started') {
      if (payload.match_id !== this.match?.match_id) this.#lastSeq = 0;
      this.#inputs = [];
      this.match = payload;
      this.isWatching = false;
    } else if (type === 'watching' && this.match && payload.match_id === this.match.match_id) {
      this.isWatching = payload.avatar > 0;
      this.#inputs = [];
      this.match = this.isWatching ? { ...this.match, avatar: payload.avatar } : undefined;
    } else if (type === 'snapshot') {
      this.#lastSeq = Math.max(this.#lastSeq, payload.input_seq);
      this.#inputs = this.#inputs.filter((input) => input.seq > payload.input_seq);
    } else if (type === 'welcome' && payload.current_match === null) {
      // Whatever it was in is over.
      this.match = undefined;
    } else if (type === 'settled' && payload.match_id === this.match?.match_id) this.match = undefined;
  }
}
