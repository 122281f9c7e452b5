// The pulse of a match: it steers once a step, draws once a frame, and shows words and bars a few times a second.

import { METRE } from '../../draw/camera.js';
import { keyOf, rowOf } from '../../state/content.js';
import { isExitOpen } from '../../state/match.js';
import { nearest } from './angles.js';
import { clockOf } from '../../clock.js';
import { secondsUntil, tickAt, Warnings } from './clock.js';
import { Glide } from './glide.js';
import { Cooling, slotsOf } from './slots.js';
import { everyStep } from './steps.js';

/**
 * @typedef {import('../../../sdk/lane/types.js').Entity} Entity
 * @typedef {import('../../../sdk/client.js').Client} Client
 * @typedef {import('../../draw/scene.js').View} View
 *
 * @typedef {object} Parts
 * @property {import('../../router.js').Context} context
 * @property {View['match']} match
 * @property {import('./pilot.js').Pilot} pilot
 * @property {import('../../draw/scene.js').Scene} scene
 * @property {import('../../draw/minimap.js').Minimap} minimap
 * @property {import('./happenings.js').Happenings} happenings
 * @property {{ x: number, y: number, isIn: boolean }} mouse
 * @property {import('../../draw/meter.js').FrameMeter} meter
 * @property {ReturnType<typeof import('./hud.js').hud>} hud
 * @property {ReturnType<typeof import('./hotbar.js').hotbar>} hotbar
 */

/** How near something is to be that is taken: 2 m. */
const REACH = 2 * METRE;
/** How far one sees where the mode does not say: 26 m. */
const SIGHT = 2_600;
/** How often words and bars are looked at. */
const WORDS_MS = 100;
/** How often names are asked for, and of how many at once. */
const NAMES_MS = 1_000;
const NAMES_MAX = 32;

/** @param {Entity} entity */
const isTaken = ({ kind }) => kind === 'item' || kind === 'container';

/** Steps from one state to the next, as a rule. */
const WATCHED_STEPS = 2;

/** What a place is called, as far as the page knows a word for its kind. @param {import('../../words.js').Words} words @param {string} kind */
function placeWords(words, kind) {
  const id = `match-poi-${kind}`;
  const said = words.say(id);
  return said === id ? kind.replaceAll('_', ' ') : said;
}

/** See the head of this file. */
export class Flight {
  /** Nothing more of the match is told: the last picture stays. */
  isOver = false;
  /** Told once a second, when the figures of the frames are new. */
  onFigures = () => {};
  #parts;
  #glide = new Glide();
  #cooling = new Cooling();
  /** @type {import('./slots.js').Slot[]} */
  #slots = [];
  /** @type {Client | undefined} */
  #client;
  #off = () => {};
  #endSteps = () => {};
  #frame = 0;
  #wordsMs = 0;
  #namesMs = 0;
  /** @type {Set<number>} */
  #asked = new Set();
  /** @type {unknown} */
  #seen;
  #seenMs = 0;
  #castMs = 0;
  #castSinceMs = 0;
  /** @type {boolean[]} */
  #openExits = [];
  /** @type {string[]} */
  #exitWords = [];
  /** @type {View} */
  view;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    const warningTicks = (/** @type {number} */ template) => {
      const { content } = parts.context.store.state;
      const ms = rowOf(content, 'hazards', keyOf(content, 'hazards', template))?.warning_ms ?? 0;
      return (ms * parts.match.tick_hz) / 1_000;
    };
    this.view = {
      nowMs: 0,
      tick: 0,
      match: parts.match,
      own: undefined,
      aim: 0,
      reach: 0,
      hpBand: 15,
      channel: 0,
      cast: 0,
      around: [],
      openExits: this.#openExits,
      exitWords: this.#exitWords,
      poiWords: parts.match.pois.map(({ kind }) => placeWords(parts.context.words, kind)),
      sight: SIGHT,
      target: undefined,
      names: {},
      warnings: new Warnings(),
      warningTicks,
    };
    // One looks at the middle of the map until one is somewhere.
    parts.scene.camera.x = parts.scene.camera.y = parts.match.side / 2;
  }

  begin() {
    this.#endSteps = everyStep(this.view.match.tick_hz, (nowMs) => this.#step(nowMs));
    const frame = () => {
      this.#frame = requestAnimationFrame(frame);
      this.#draw();
    };
    this.#frame = requestAnimationFrame(frame);
  }

  end() {
    cancelAnimationFrame(this.#frame);
    this.#endSteps();
    this.#off();
  }

  /** Listens to the client of the session, which is another one after it was closed. @param {Client | undefined} client */
  bind(client) {
    if (client === this.#client) return;
    this.#off();
    this.#client = client;
    const { happenings, scene } = this.#parts;
    const off = client?.on('events', ({ events }) => {
      const nowMs = performance.now();
      happenings.take(events, this.view.match.avatar, this.view.own, nowMs);
      for (const event of events) scene.underway.take(event, nowMs, this.view.match.tick_hz);
    });
    this.#off = off ?? (() => {});
  }

  refit() {
    const { scene, minimap, context } = this.#parts;
    scene.refit(this.view.sight);
    scene.effects.isStill = context.store.state.settings.isMotionReduced;
    minimap.refit();
  }

  contentChanged() {
    const { scene, context } = this.#parts;
    const { content } = context.store.state;
    scene.setContent(content);
    const sight = rowOf(content, 'modes', this.view.match.mode)?.avatar.sight_cm ?? SIGHT;
    this.view.sight = (sight * METRE) / 100;
    this.refit();
    this.changed();
  }

  /** The store's side of the match is another. */
  changed() {
    const { match, content } = this.#parts.context.store.state;
    if (match.match) this.view.match = match.match;
    this.view.names = match.names;
    this.#slots = slotsOf(content, this.view.match.mode, match.items);
    this.view.reach = ((this.#slots[0]?.rangeCm ?? 0) * METRE) / 100;
    this.#parts.hotbar.change(this.#slots);
  }

  /** @param {number} nowMs */
  #step(nowMs) {
    const lane = this.#client?.lane;
    const own = lane?.predicted();
    if (!lane || !own || this.isOver || !this.#client?.match) return;
    const { pilot, mouse, scene } = this.#parts;
    // Offsets on the canvas are in CSS pixels.
    const ratio = scene.ratio;
    pilot.pointer = mouse.isIn ? scene.camera.toGround(mouse.x * ratio, mouse.y * ratio) : undefined;
    const steering = pilot.steer(own, lane.entities());
    this.#client.steer(steering);
    this.view.aim = steering.aim;
    const after = lane.predicted();
    if (after) this.#glide.take(after, nowMs, 1_000 / this.view.match.tick_hz);
  }

  #draw() {
    const { scene, meter, minimap, hud, hotbar } = this.#parts;
    const nowMs = performance.now();
    meter.begin(nowMs);
    const { view } = this;
    const lane = this.#client?.lane;
    if (lane && !this.isOver) {
      view.nowMs = nowMs;
      const seen = lane.seen();
      if (seen && seen !== this.#seen) this.#see(seen, nowMs);
      if (seen) view.tick = tickAt(seen.tick, this.#seenMs, nowMs, view.match.tick_hz);
      view.around = lane.interpolated(nowMs);
      view.own = seen?.own ? (this.#glide.at(nowMs) ?? view.own) : view.own;
      const cast = this.#castMs > 0 ? (nowMs - this.#castSinceMs) / this.#castMs : 1;
      view.cast = cast < 1 ? cast : 0;
      scene.paint(view);
      if (nowMs - this.#wordsMs >= WORDS_MS) {
        this.#wordsMs = nowMs;
        this.#writeExits();
        minimap.paint(view);
        hud.show(view, lane.own(), view.match.tick_hz, seen);
        hotbar.show(this.#slots, this.#cooling, lane.own()?.mp ?? 0, nowMs);
      }
    }
    if (meter.end(performance.now())) this.onFigures();
  }

  /** What is written at the exits: until when each is open, or closed. */
  #writeExits() {
    const { match, tick } = this.view;
    const { words } = this.#parts.context;
    match.exits.forEach(({ opens_tick: opens, closes_tick: closes }, at) => {
      const isOpen = this.#openExits[at] === true;
      const left = clockOf(secondsUntil(isOpen ? closes : opens, tick, match.tick_hz));
      this.#exitWords[at] = words.say(isOpen ? 'match-sign-open' : closes > tick ? 'match-sign-closed' : 'match-sign-shut', { left });
    });
  }

  /** A newer state. @param {NonNullable<ReturnType<NonNullable<Client['lane']>['seen']>>} seen @param {number} nowMs */
  #see(seen, nowMs) {
    this.#seen = seen;
    this.#seenMs = nowMs;
    const { view } = this;
    const { happenings, hud, scene, context } = this.#parts;
    const { own, entities, tick } = seen;
    const { match } = context.store.state;
    happenings.see(entities);
    for (let at = 0; at < view.match.exits.length; at += 1) this.#openExits[at] = isExitOpen(match, at, tick);
    if (!own) {
      view.channel = 0;
      view.hpBand = 0;
      if (view.target) hud.showTarget((view.target = undefined));
      return;
    }
    view.own ??= { x: own.x, y: own.y };
    if (match.watched) {
      // Nobody predicts where another goes: it is shown on its way from one state to the next.
      this.#glide.take(own, nowMs, WATCHED_STEPS * (1_000 / view.match.tick_hz));
      view.aim = own.heading;
    }
    view.hpBand = Math.ceil((15 * own.hp) / Math.max(own.hp_max, 1));
    const channel = view.match.exits[0]?.channel_ticks ?? 1;
    view.channel = own.extraction_ticks > 0 ? 1 - own.extraction_ticks / channel : 0;
    view.warnings.take(tick, entities, own, view.sight, view.warningTicks);
    for (const slot of this.#cooling.take(own.cooling, this.#slots, nowMs)) {
      scene.effects.use(slot, view.own, view.aim, 'own', nowMs);
      this.#castMs = slot.castMs;
      this.#castSinceMs = nowMs;
    }
    const target = nearest(own, entities, REACH, isTaken);
    if (target?.id !== view.target?.id) hud.showTarget(target);
    view.target = target;
    this.#askNames(entities, nowMs);
  }

  /** Larger matches tell names only of those one asks for. @param {readonly Entity[]} entities @param {number} nowMs */
  #askNames(entities, nowMs) {
    if (nowMs - this.#namesMs < NAMES_MS) return;
    this.#namesMs = nowMs;
    const unknown = entities.filter(({ id, kind }) => kind === 'player' && !(id in this.view.names) && !this.#asked.has(id)).slice(0, NAMES_MAX);
    if (!unknown.length) return;
    for (const { id } of unknown) this.#asked.add(id);
    if (this.#asked.size > 1_024) this.#asked.clear();
    // An answer that does not come is of no consequence: they go without a name.
    this.#client?.askNames(unknown.map(({ id }) => id)).catch(() => undefined);
  }
}
