#!/usr/bin/env node
// Plays one match from the queue to its settlement: walks to a way out, strikes what comes close, prints what it got.

import { parseArgs } from 'node:util';

import { Api, Client, HypogeumError } from '../src/index.js';

const HELP = `Plays one match as a guest, and prints what it was worth as one line of JSON.

  --url URL      the server's HTTP address [http://127.0.0.1:27580]
  --name NAME    the guest's name [one of its own]
  --mode MODE    what to queue for [skirmish]
  --json         speak JSON in place of MessagePack
  --lane         take state by the datagram lane, and steer by where the avatar will be
  --help`;

/** How long all of it may take. */
const PATIENCE_MS = 600_000;
/** Subunits of a metre, and turns. */
const METRE = 256;
const TURN = 65_536;
/** How close somebody is who is struck. */
const REACH = 2 * METRE;
/** Snapshots without a step that mean that something is in the way, and for how many it walks another way then. */
const STUCK_MAX = 6;
const DETOUR = 12;

/** @typedef {import('../src/client.js').Steering} Steering */
/** @typedef {import('../types/messages.js').Snapshot} Snapshot */
/** @typedef {import('../types/messages.js').ServerPayloads['match_started']} MatchStarted */
/** @typedef {{ x: number, y: number }} Place */

/** @param {Place} from @param {Place} to */
const distance = (from, to) => Math.hypot(to.x - from.x, to.y - from.y);

/** @param {Place} from @param {Place} to */
const direction = (from, to) => Math.round((Math.atan2(to.y - from.y, to.x - from.x) / (2 * Math.PI)) * TURN) & (TURN - 1);

/**
 * @template {Place} T
 * @param {Place} from
 * @param {T[]} places
 * @returns {T | undefined}
 */
const nearest = (from, places) => places.toSorted((one, other) => distance(from, one) - distance(from, other))[0];

/** What to do about what is seen. */
class Brain {
  stuck = 0;
  detour = 0;
  turn = 0;
  /** @type {Place | undefined} */
  before;

  /** @param {MatchStarted} match */
  constructor(match) {
    this.match = match;
  }

  /**
   * @param {Snapshot} snapshot
   * @returns {Steering | undefined}
   */
  decide({ tick, own, records }) {
    if (!own) return undefined;
    const { avatar, exits } = this.match;
    const others = records.filter(({ id, kind }) => id !== avatar && (kind === 'npc' || kind === 'player'));
    const foe = nearest(own, others);
    const open = exits.filter((exit) => exit.opens_tick <= tick && tick < exit.closes_tick);
    const exit = nearest(own, open.length ? open : exits);
    if (foe && distance(own, foe) < REACH) {
      const aim = direction(own, foe);
      return { walk: aim, aim, ability: 1, pace: distance(own, foe) < METRE ? 0 : 100 };
    }
    if (!exit || distance(own, exit) < exit.radius / 2) return { pace: 0 };
    return { walk: this.#around(own, direction(own, exit)), pace: 100 };
  }

  /**
   * The way there, or one around what is in the way.
   * @param {Place} own
   * @param {number} way
   */
  #around(own, way) {
    this.stuck = this.before && distance(own, this.before) < 8 ? this.stuck + 1 : 0;
    this.before = { x: own.x, y: own.y };
    if (this.stuck > STUCK_MAX) {
      this.stuck = 0;
      this.detour = DETOUR;
      this.turn = Math.random() < 0.5 ? TURN / 4 : -TURN / 4;
    }
    this.detour -= 1;
    return this.detour > 0 ? way + this.turn : way;
  }
}

/** @param {{ url: string, name: string, mode: string, json: boolean, lane: boolean }} options */
async function play({ url, name, mode, json, lane }) {
  const api = new Api(url, { patienceMs: 60_000 });
  await api.guest(name);
  const client = new Client(api, { client: 'match_bot', json, lane });
  let struck = 0;
  let walked = 0;
  /** @type {Brain | undefined} */
  let brain;
  /** @type {Place | undefined} */
  let before;
  /** @type {(error: unknown) => void} */
  let fail = () => {};
  const failed = new Promise((_, reject) => {
    fail = reject;
  });
  const join = async () => {
    try {
      await client.joinQueue(mode);
    } catch (error) {
      if (!(error instanceof HypogeumError)) throw error;
      if (error.retryAfterMs !== undefined) setTimeout(join, error.retryAfterMs);
      // In line already, or in a match: after a cut one does not know.
      else if (error.code !== 'wrong_state') fail(error);
    }
  };
  client.on('reconnecting', ({ attempt, pauseMs, error }) => console.error(`try ${attempt} in ${pauseMs} ms: ${error.message}`));
  client.on('error', ({ code, message, about, retryAfterMs }) => {
    console.error(`refused: ${code}: ${message}`);
    // Queue, loadout or match were undone by the server.
    if (about === undefined && retryAfterMs !== undefined) setTimeout(join, retryAfterMs);
  });
  // Also after a cut: a server that was restarted knows of no line.
  client.on('connected', ({ current_match: current }) => {
    if (current === null) void join();
  });
  client.on('loadout_open', ({ stash }) => {
    // One of each kind will do. Without an answer, because the time is over, it plays with nothing.
    const kinds = new Map(stash.map(({ item, template }) => [template, item]));
    client.chooseLoadout([...kinds.values()].slice(0, 4)).catch((error) => console.error(`no loadout: ${error.message}`));
  });
  /** @type {Steering | undefined} */
  let meant;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let steps;
  client.on('match_started', (match) => {
    brain = new Brain(match);
    if (!lane) return;
    // Who predicts steers in each step: where one is left out, the server guesses.
    clearInterval(steps);
    steps = setInterval(() => meant && client.steer(meant), 1_000 / match.tick_hz);
  });
  client.on('snapshot', (snapshot) => {
    const predicted = client.lane?.predicted();
    if (predicted && snapshot.own) Object.assign(snapshot.own, { x: predicted.x, y: predicted.y });
    const steering = brain?.decide(snapshot);
    if (!steering || !snapshot.own) return;
    if (lane) meant = steering;
    else client.steer(steering);
    struck += steering.ability ? 1 : 0;
    walked += before ? distance(before, snapshot.own) : 0;
    before = { x: snapshot.own.x, y: snapshot.own.y };
  });

  const seen = () => client.lane && { divergences: client.lane.divergences, corrections: client.lane.corrections().count };
  try {
    await client.connect();
    const settled = client.next('settled', { timeoutMs: PATIENCE_MS, where: ({ match_id: match }) => match === brain?.match.match_id });
    const { match_id: match, report } = await Promise.race([settled, /** @type {Promise<never>} */ (failed)]);
    return { name, mode, match: Number(match), struck, walked_m: Math.round(walked / METRE), ...seen(), ...report };
  } finally {
    clearInterval(steps);
    client.close();
  }
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:27580' },
    name: { type: 'string', default: `js-bot-${Math.random().toString(36).slice(2, 8)}` },
    mode: { type: 'string', default: 'skirmish' },
    json: { type: 'boolean', default: false },
    lane: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(HELP);
else {
  try {
    console.log(JSON.stringify(await play(values), (_, value) => (typeof value === 'bigint' ? value.toString() : value)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
