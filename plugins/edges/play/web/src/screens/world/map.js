// The map: draws the place frame by frame, steers step by step, and takes clicks, touches and drops.

import { h } from '../../dom.js';
import { METRE } from '../../draw/camera.js';
import { Effects } from '../../draw/effects.js';
import { readPalette } from '../../draw/palette.js';
import { Underway } from '../../draw/underway.js';
import { followKeys } from '../../keys.js';
import { rowOf } from '../../state/content.js';
import { abilityOf } from '../match/slots.js';
import { Ground, NorthUp } from './ground.js';
import { FLOAT_MS, Painter } from './paint.js';

/** Metres that the longer side shows, and its limits. */
const ACROSS = { at: 30, min: 16, max: 90 };
/** Pixels of the longer side of a map that shows so much. */
const USUAL = 900;
/** Farther than this one has been moved, and has not walked. */
const JUMP = 4 * METRE;
/** How often names are asked for. */
const ASK_MS = 300;
const ABILITIES = ['ability_1', 'ability_2', 'ability_3', 'ability_4'];

/** See the head of this file. */
export class PlaceMap {
  camera = new NorthUp();
  ground = new Ground();
  #across = ACROSS.at;
  /** Where one is shown, between the last step and the next. */
  #from = { x: 0, y: 0, heading: 0 };
  #to = { x: 0, y: 0, heading: 0 };
  #steppedAt = 0;
  #lastStruck = 0;
  /** @type {import('./paint.js').Float[]} */
  #floats = [];
  #effects = new Effects();
  #underway = new Underway();
  #askedAt = 0;
  #isHeld = false;
  #heading = 0;

  /**
   * @param {import('./hands.js').Hands} hands
   * @param {import('../../router.js').Context} context
   * @param {{ bag: () => void, say: () => void }} ways what the keys for them do
   */
  constructor(hands, context, ways) {
    this.hands = hands;
    this.context = context;
    this.ways = ways;
    const say = context.words.say.bind(context.words);
    this.canvas = h('canvas', {
      class: 'world-map',
      tabIndex: 0,
      role: 'application',
      'aria-label': say('world-map'),
      'aria-description': say('world-map-help'),
      onpointerdown: (/** @type {PointerEvent} */ event) => this.#press(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#isHeld && this.#walkTo(event),
      onpointerup: () => (this.#isHeld = false),
      onpointercancel: () => (this.#isHeld = false),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      ondragover: (/** @type {DragEvent} */ event) => event.preventDefault(),
      ondrop: (/** @type {DragEvent} */ event) => this.#drop(event),
    });
    this.canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    const zoom = (/** @type {number} */ by, /** @type {string} */ word, /** @type {string} */ sign) =>
      h('button', { 'aria-label': say(word), title: say(word), onclick: () => this.zoom(by) }, sign);
    this.root = h('div', { class: 'world-stage' }, this.canvas, h('div', { class: 'world-zoom' }, zoom(0.8, 'world-nearer', '+'), zoom(1.25, 'world-farther', '−')));
  }

  get #lane() {
    return this.context.link.client?.lane;
  }

  /** Begins; returns what ends it. */
  start() {
    const { store } = this.context;
    this.#lastStruck = store.state.world.last;
    const pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    const painter = new Painter(pen, this.camera, readPalette(), this.hands);
    const scheme = matchMedia('(prefers-color-scheme: light)');
    const recolour = () => (painter.palette = readPalette());
    scheme.addEventListener('change', recolour);
    const keys = followKeys(() => store.state.settings.keys, { pressed: (action, event) => this.#pressed(action, event) });
    let frame = requestAnimationFrame(() => this.#frame(painter, redraw));
    const redraw = () => (frame = requestAnimationFrame(() => this.#frame(painter, redraw)));
    const ends = [
      store.watch(({ settings }) => settings, recolour),
      store.watch(({ world }) => world.place, (place, before) => {
        // A point of the place before is no way in this one.
        if (before && String(before.match_id) !== String(place?.match_id)) this.hands.walker.stop();
        this.ground.theme = rowOf(store.state.content, 'zones', place?.mode ?? '')?.theme ?? '';
      }),
      store.watch(({ content }) => content.tables, () => {
        this.ground.theme = rowOf(store.state.content, 'zones', store.state.world.place?.mode ?? '')?.theme ?? '';
      }),
      store.watch(({ world }) => world.ground, () => this.#look()),
      store.watch(({ world }) => world.roomNames, (names) => (this.ground.names = names)),
      store.watch(({ world }) => world.doors, (doors) => (this.ground.stands = doors)),
    ];
    // A page that nobody looks at is slow to say that one stands: so it says that at once.
    const hidden = () => {
      if (!document.hidden) return;
      this.hands.walker.stop();
      this.#step(new Set());
    };
    document.addEventListener('visibilitychange', hidden);
    const step = setInterval(() => this.#step(keys.held), 1_000 / (store.state.world.place?.tick_hz ?? 10));
    return () => {
      cancelAnimationFrame(frame);
      clearInterval(step);
      document.removeEventListener('visibilitychange', hidden);
      scheme.removeEventListener('change', recolour);
      keys.end();
      for (const end of ends) end();
    };
  }

  #look() {
    const ground = this.context.link.client?.ground;
    if (ground) Object.assign(this.ground, { rooms: ground.rooms(), doors: ground.doors(), walls: ground.walls() });
  }

  /** One step of the place: what is steered, and where that leads. @param {ReadonlySet<string>} held */
  #step(held) {
    const lane = this.#lane;
    const before = lane?.predicted() ?? lane?.own() ?? null;
    const steered = this.hands.walker.step(held, before, lane?.own()?.speed);
    if (steered) {
      if (steered.pace > 0) this.#heading = steered.walk;
      this.context.link.client?.steer({ ...steered, aim: this.#heading });
    }
    const own = lane?.predicted() ?? lane?.own();
    if (!own) return;
    const now = performance.now();
    const shown = this.#shown(now);
    const hasJumped = Math.hypot(own.x - shown.x, own.y - shown.y) > JUMP;
    this.#from = hasJumped ? own : shown;
    this.#to = own;
    this.#steppedAt = now;
  }

  /** Where one is shown now. @param {number} now */
  #shown(now) {
    const stepMs = 1_000 / (this.#lane?.tickHz ?? 10);
    const share = Math.min((now - this.#steppedAt) / stepMs, 1);
    const { x, y, heading } = this.#to;
    return { x: this.#from.x + (x - this.#from.x) * share, y: this.#from.y + (y - this.#from.y) * share, heading };
  }

  /** @param {Painter} painter @param {() => void} again */
  #frame(painter, again) {
    again();
    const lane = this.#lane;
    const now = performance.now();
    const { pen, camera } = painter;
    // More of the place on a large screen, and less on a small one, so that everyone is large enough to be seen and touched.
    const large = Math.max(this.canvas.clientWidth, this.canvas.clientHeight) / USUAL;
    painter.ratio = camera.fit(this.canvas, this.#across * Math.min(1.5, Math.max(0.55, large)));
    if (this.#steppedAt === 0) this.#step(new Set());
    const own = this.#shown(now);
    camera.x = own.x;
    camera.y = own.y;
    this.ground.paint(pen, camera, painter.palette);
    this.ground.paintNames(pen, camera, painter.palette, painter.ratio);
    const entities = lane?.interpolated(now) ?? [];
    const { target, stats, isDead } = this.hands.world;
    for (const entity of entities) if (entity.kind === 'hazard' || entity.kind === 'storm') painter.area(entity);
    const { goal } = this.hands.walker;
    if (goal) painter.goal(goal);
    for (const entity of entities) painter.entity(entity, entity.id === target);
    if (lane?.own() && !isDead) painter.own(own, stats ? stats.hp / stats.hp_max : 1);
    painter.dusk();
    for (const entity of entities) painter.label(entity, entity.id === target, own);
    this.#paintFloats(painter, entities, own, now);
    if (now - this.#askedAt > ASK_MS) {
      this.#askedAt = now;
      this.hands.askName();
    }
  }

  /** @param {Painter} painter @param {import('../../../sdk/lane/types.js').Entity[]} entities @param {{ x: number, y: number }} own @param {number} now */
  #paintFloats(painter, entities, own, now) {
    const { store } = this.context;
    const { content, settings } = store.state;
    const { struck, place } = store.state.world;
    const { pen, camera, palette } = painter;
    const placeOf = (/** @type {number} */ who) => (who === place?.avatar ? own : entities.find(({ id }) => id === who));
    for (const { number, what, who, amount, isCritical, event } of struck) {
      if (number <= this.#lastStruck) continue;
      this.#lastStruck = number;
      if (event) this.#underway.take(event, now, place?.tick_hz ?? 10);
      const at = placeOf(who);
      if (at && event && 'swung' in event) this.#effects.use(abilityOf(content, event.swung.ability), at, event.swung.heading << 8, at === own ? 'own' : 'foe', now);
      if (!at || event) continue;
      const words = what === 'dodge' ? this.context.words.say('world-dodged') : `${what === 'heal' ? '+' : '−'}${amount}${isCritical ? '!' : ''}`;
      const colour = what === 'heal' ? palette.heal : what === 'dodge' ? palette.muted : isCritical ? palette.critical : palette.damage;
      this.#floats.push({ x: at.x + ((number % 5) - 2) * 40, y: at.y + 80, born: now, words, colour, isLarge: isCritical });
    }
    this.#floats = this.#floats.filter(({ born }) => now - born < FLOAT_MS);
    this.#effects.isStill = settings.isMotionReduced;
    this.#effects.paint(pen, camera, palette, now, false, {});
    this.#underway.paint(pen, camera, palette, now, settings.isMotionReduced, placeOf);
    for (const float of this.#floats) painter.float(float, now, settings.isMotionReduced);
  }

  /** @param {number} by */
  zoom(by) {
    this.#across = Math.min(ACROSS.max, Math.max(ACROSS.min, this.#across * by));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    this.zoom(event.deltaY > 0 ? 1.1 : 0.9);
  }

  /** Where on the ground somebody points. @param {MouseEvent} event */
  #pointed({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return this.camera.toGround(((clientX - left) / width) * this.camera.width, ((clientY - top) / height) * this.camera.height);
  }

  /** Who or what is there, with some room for fingers. @param {{ x: number, y: number }} at */
  #entityAt({ x, y }) {
    const far = (/** @type {{ x: number, y: number }} */ one) => Math.hypot(one.x - x, one.y - y);
    const room = Math.max(0.7 * METRE, 14 / Math.max(this.camera.scale, 1e-6));
    const near = this.hands.near().filter((one) => far(one) <= room);
    return near.sort((one, other) => far(one) - far(other))[0];
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    const at = this.#pointed(event);
    const entity = this.#entityAt(at);
    if (!entity) {
      this.#isHeld = true;
      this.canvas.setPointerCapture(event.pointerId);
      return this.#walkTo(event);
    }
    const isThing = entity.kind === 'item' || entity.kind === 'container';
    const isAgain = this.hands.world.target === entity.id;
    this.hands.target(entity.id);
    // What lies there is taken; somebody is meant first, and met by a second click.
    if (isThing || (isAgain && entity.kind === 'npc')) this.hands.do(this.hands.deedsOf(entity)[0], entity);
  }

  /** @param {MouseEvent} event */
  #walkTo(event) {
    this.hands.walker.goTo(this.#pointed(event));
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    const item = this.hands.world.items.find(({ id }) => String(id) === event.dataTransfer?.getData('text/plain'));
    if (!item) return;
    const whom = this.#entityAt(this.#pointed(event));
    if (whom && (whom.kind === 'player' || whom.kind === 'npc')) this.hands.give(item, whom.id);
    else this.hands.act('drop', item);
  }

  /** Keys on the map itself: Tab means the next one, and leaves the map after the last. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Tab' && this.hands.cycle(event.shiftKey ? -1 : 1)) event.preventDefault();
    if (event.key === '+') this.zoom(0.8);
    if (event.key === '-') this.zoom(1.25);
  }

  /** @param {import('../../keys.js').Action} action @param {KeyboardEvent} event */
  #pressed(action, event) {
    const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary, [role=button]');
    if (action === 'say') {
      if (onButton) return;
      event.preventDefault();
      return this.ways.say();
    }
    if (action === 'bag') return this.ways.bag();
    if (action === 'stop') {
      this.hands.target(undefined);
      return this.hands.stop();
    }
    if (action === 'interact') {
      if (onButton instanceof HTMLElement && onButton.dataset.item) return;
      const entity = this.hands.seen(this.hands.world.target) ?? this.hands.near()[0];
      if (entity) this.hands.do(this.hands.deedsOf(entity)[0], entity);
      return;
    }
    const slot = ABILITIES.indexOf(action) + 1;
    if (slot > 0) this.hands.cast(slot);
  }
}
