// A session's datagram lane: it tells the lane what the messages say, feeds it what comes, and sends what it has to say.

import { HypogeumError } from './errors.js';
import { Ground } from './ground.js';
import { LaneError, LaneView } from './lane/index.js';

/** How often the lane is asked whether it has something to say while nobody steers. */
const LOOK_MS = 50;

/** @typedef {import('./client.js').Client} Client */
/** @typedef {import('./session.js').ClientEvents} ClientEvents */
/** @typedef {<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]) => void} Tell */
/** @typedef {import('./lane/types.js').Steering} Steering */

export class LaneSession {
  lane = new LaneView();
  /** @type {Ground} */
  ground;
  #client;
  #tell;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #look;

  /**
   * @param {Client} client
   * @param {Tell} tell tells those who listen to the client
   */
  constructor(client, tell) {
    this.#client = client;
    this.#tell = tell;
    const { lane } = this;
    const ground = new Ground(
      (ask) => client.say('ask_chunks', ask),
      (bytes) => client.schema.decode('Chunk', bytes),
      (blocks) => {
        lane.changeGround(blocks);
        tell('ground', blocks);
      },
    );
    this.ground = ground;
    client.on('welcome', (welcomed) => this.#begin(welcomed));
    client.on('match_started', (match) => {
      lane.beginMatch(match);
      ground.begin(match.match_id);
      this.#send([]);
    });
    client.on('phase', (phase) => lane.setPhase(phase));
    client.on('settled', ({ match_id: match }) => lane.isOf(match) && lane.endMatch());
    client.on('watching', (watching) => {
      if (!lane.isOf(watching.match_id)) return;
      if (watching.avatar > 0) lane.watch(watching);
      else lane.endMatch();
    });
    client.on('chunks_near', (near) => ground.lieNear(near));
    client.on('chunk', (chunk) => this.#understood(() => ground.take(chunk)));
    client.on('doors_changed', (doors) => ground.turnDoors(doors));
    client.on('message', ({ type, payload }) => {
      if (type === 'error' && payload.about === 'ask_chunks') ground.refused(payload.retry_after_ms);
    });
    client.on('state', (bytes) => this.#understood(() => this.#feed(bytes)));
    client.on('reconnecting', () => this.#end());
    client.on('closed', () => this.#end());
  }

  /**
   * Steers for one tick. Returns the number of the input.
   * @param {Steering} steering
   */
  steer(steering) {
    this.#send([steering]);
    return this.lane.lastSeq;
  }

  /** @param {import('../types/messages.js').ServerPayloads['welcome']} welcomed */
  #begin(welcomed) {
    this.#end();
    this.lane.welcome(welcomed);
    this.#look = setInterval(() => this.#send([]), LOOK_MS);
    this.#send([]);
  }

  #end() {
    clearInterval(this.#look);
    this.ground.stop();
    this.lane.disconnect();
  }

  /** @param {Steering[]} steerings */
  #send(steerings) {
    const datagram = this.lane.takeOutgoing(steerings, performance.now());
    if (datagram) this.#client.sendState(datagram);
  }

  /** @param {Uint8Array} bytes */
  #feed(bytes) {
    const { taken, tick, events } = this.lane.feed(bytes, performance.now());
    const seen = taken === 'newest' ? this.lane.seen() : null;
    if (seen) {
      const { entities, inputSeq, own, alive, extracted } = seen;
      this.#tell('snapshot', { tick: seen.tick, input_seq: inputSeq, own, records: [...entities], alive, extracted });
    }
    if (events.length > 0) {
      this.#tell('events', { tick, events: /** @type {import('../types/messages.js').GameEvent[]} */ ([...events]) });
    }
  }

  /**
   * What cannot be read is told, and nothing has changed by it.
   * @param {() => void} read
   */
  #understood(read) {
    try {
      read();
    } catch (cause) {
      if (!(cause instanceof LaneError) && !(cause instanceof Error && cause.name === 'CodecError')) throw cause;
      this.#tell('error', new HypogeumError('unreadable', `state is not understood: ${cause.message}`, { cause }));
    }
  }
}
