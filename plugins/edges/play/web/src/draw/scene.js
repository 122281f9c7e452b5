// One frame of a match: the ground, what lies, stands, flies and hurts on it, the avatar, and what one cannot see.

import { keyOf, rowOf } from '../state/content.js';
import { paintChannel, paintExit, paintFog, paintHazard, paintPlace, paintStorm } from './areas.js';
import { Camera, METRE } from './camera.js';
import { Effects } from './effects.js';
import { litterLooks, paintGround, paintWalls } from './ground.js';
import { readPalette } from './palette.js';
import { container, item, machine, person, projectile } from './shapes.js';
import { Bars, Labels, Look } from './sprites.js';
import { Underway } from './underway.js';

/**
 * @typedef {import('../../sdk/lane/types.js').Entity} Entity
 * @typedef {import('../../types/messages.js').ServerPayloads['match_started']} MatchStarted
 *
 * @typedef {object} View What a frame shows. One object, changed from frame to frame.
 * @property {number} nowMs
 * @property {number} tick
 * @property {MatchStarted} match
 * @property {{ x: number, y: number } | undefined} own where the avatar is; where there is none any more, nothing
 * @property {number} aim of the avatar, in 1/65536 turns
 * @property {number} reach of what is in its first slot, in subunits
 * @property {number} hpBand from 0 to 15
 * @property {number} channel how far it is on the way out, from 0 to 1
 * @property {number} cast how far it is with what it casts, from 0 to 1; 0: it casts nothing
 * @property {readonly Entity[]} around
 * @property {readonly boolean[]} openExits
 * @property {readonly string[]} exitWords what is written at each exit
 * @property {readonly string[]} poiWords what is written at each place
 * @property {number} sight in subunits
 * @property {Entity | undefined} target what would be taken now
 * @property {Readonly<Record<number, string>>} names of avatars
 * @property {import('../screens/match/clock.js').Warnings} warnings
 * @property {(template: number) => number} warningTicks
 */

/** How large things on the ground look, and others whose size nothing says, in subunits. */
const ITEM = 0.42 * METRE;
const CONTAINER = 0.55 * METRE;
const SHOT = 0.32 * METRE;
const BODY = 0.4 * METRE;
/** Bodies are drawn a little larger than they are: so they can be told apart. */
const GROWN = 1.5;
/** CSS pixels of a metre. */
const METRE_PIXELS = 31;
/** Metres that the shorter side shows at least. */
const NARROW = 16;
const FULL = 2 * Math.PI;

export class Scene {
  camera = new Camera();
  effects = new Effects();
  underway = new Underway();
  #canvas;
  #pen;
  #palette = readPalette();
  /** Pixels of the canvas for one of CSS. */
  ratio = 1;
  /** Looks by kind and template. @type {Record<string, Look[]>} */
  #looks = {};
  /** @type {Record<string, Labels>} */
  #labels = {};
  /** @type {Bars[]} */
  #bars = [];
  /** @type {Look[]} */
  #litter = [];
  #isStale = true;

  /** @param {HTMLCanvasElement} canvas @param {import('../state/content.js').Content} content */
  constructor(canvas, content) {
    this.#canvas = canvas;
    this.#pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.content = content;
  }

  /** The page has another size, or looks otherwise: everything is drawn anew. @param {number} sight of the mode, in subunits */
  refit(sight) {
    const { clientWidth: wide, clientHeight: high } = this.#canvas;
    // A narrow page shows things smaller, so that one sees what comes from its sides.
    const metre = Math.max(Math.min(METRE_PIXELS, Math.min(wide, high) / NARROW), 12);
    const across = Math.min(Math.max(Math.max(wide, high) / metre, 24), (2 * sight) / METRE + 6);
    this.ratio = this.camera.fit(this.#canvas, across);
    this.#palette = readPalette();
    this.#isStale = true;
  }

  /** Numbers and names mean something else now. @param {import('../state/content.js').Content} content */
  setContent(content) {
    this.content = content;
    this.#isStale = true;
  }

  #prepare() {
    this.#isStale = false;
    const { scale } = this.camera;
    const palette = this.#palette;
    const look = (/** @type {import('./shapes.js').Shape} */ shape, /** @type {string} */ key, /** @type {number} */ radius, turns = true) =>
      new Look(shape, key, radius * scale, palette, turns);
    this.#looks = {
      own: [look(person('own'), 'own', BODY * GROWN)],
      player: [look(person('player'), 'player', BODY * GROWN)],
      container: [look(container, 'container', CONTAINER, false)],
      projectile: [look(projectile, 'projectile', SHOT)],
      npc: [],
      item: [],
    };
    this.#litter = litterLooks(palette, scale);
    const size = Math.round(12.5 * this.ratio);
    const colours = /** @type {const} */ (['text', 'muted', 'damage', 'heal', 'critical', 'exit', 'item', 'accent']);
    this.#labels = Object.fromEntries(
      colours.map((colour) => [colour, new Labels(colour === 'critical' ? size * 1.5 : colour === 'damage' ? size * 1.25 : size, palette[colour], palette.fog)]),
    );
    const wide = 1.3 * METRE * scale;
    this.#bars = [palette.foe, palette.player, palette.health].map((colour) => new Bars(wide, 4 * this.ratio, colour, palette));
  }

  /** @param {Entity} entity */
  #lookOf({ kind, template }) {
    const looks = this.#looks[kind];
    if (kind === 'player' && template > 0) return (looks[template] ??= this.#newTeamLook(template));
    if (kind !== 'npc' && kind !== 'item') return looks[0];
    return (looks[template] ??= this.#newLook(kind, template));
  }

  /** Members of a team have a colour of their own. @param {number} team */
  #newTeamLook(team) {
    const palette = { ...this.#palette, player: `hsl(${(team * 137) % 360} 65% 60%)` };
    return new Look(person('player'), `team ${team}`, BODY * GROWN * this.camera.scale, palette, true);
  }

  /** @param {'npc' | 'item'} kind @param {number} template */
  #newLook(kind, template) {
    const key = keyOf(this.content, kind === 'npc' ? 'npcs' : 'items', template) || `${kind} ${template}`;
    const { scale } = this.camera;
    if (kind === 'item') return new Look(item(rowOf(this.content, 'items', key)?.kind ?? ''), key, ITEM * scale, this.#palette, false);
    const radius = ((rowOf(this.content, 'npcs', key)?.radius_cm ?? 40) * METRE) / 100;
    return new Look(machine, key, radius * GROWN * scale, this.#palette, true);
  }

  /** @param {View} view */
  paint(view) {
    if (this.#isStale) this.#prepare();
    const pen = this.#pen;
    const { camera } = this;
    const palette = this.#palette;
    const { match, own, around, nowMs } = view;
    if (own) {
      camera.x = own.x;
      camera.y = own.y;
    }
    paintGround(pen, camera, palette, match.side, this.#litter);
    for (let at = 0; at < match.pois.length; at += 1) {
      paintPlace(pen, camera, palette, match.pois[at]);
      this.#paintSign('muted', view.poiWords[at], match.pois[at]);
    }
    const pulse = this.effects.isStill ? 0.5 : (nowMs % 1_600) / 1_600;
    for (let at = 0; at < match.exits.length; at += 1) {
      paintExit(pen, camera, palette, match.exits[at], view.openExits[at] === true, pulse);
      this.#paintSign('exit', view.exitWords[at], match.exits[at]);
    }
    this.#paintAreas(view);
    paintWalls(pen, camera, palette, match.obstacles);
    this.#paintThings(around, true);
    this.#paintTarget(view);
    this.#paintThings(around, false);
    if (own) this.#paintOwn(view, own);
    this.underway.paint(pen, camera, palette, nowMs, this.effects.isStill, (who) => around.find(({ id }) => id === who));
    this.effects.paint(pen, camera, palette, nowMs, false, this.#labels);
    this.#paintStorms(view);
    if (own) paintFog(pen, camera, palette, own.x, own.y, view.sight);
    this.#paintSigns(view);
    this.effects.paint(pen, camera, palette, nowMs, true, this.#labels);
  }

  /** What is written over an area. @param {'exit' | 'muted'} colour @param {string | undefined} words @param {{ x: number, y: number, radius: number }} area */
  #paintSign(colour, words, { x, y, radius }) {
    const { camera } = this;
    if (words && camera.sees(x, y, radius)) this.#labels[colour].paint(this.#pen, words, camera.toScreenX(x), camera.toScreenY(y - radius * 0.72));
  }

  /** @param {Entity} area @param {View} view */
  #warning({ id, template }, { warnings, warningTicks, tick }) {
    const whole = warningTicks(template);
    return whole > 0 ? Math.min(warnings.left(id, tick) / whole, 1) : 0;
  }

  /** @param {View} view */
  #paintAreas(view) {
    for (const entity of view.around) if (entity.kind === 'hazard') paintHazard(this.#pen, this.camera, this.#palette, entity, this.#warning(entity, view));
  }

  /** @param {View} view */
  #paintStorms(view) {
    for (const entity of view.around) if (entity.kind === 'storm') paintStorm(this.#pen, this.camera, this.#palette, entity, this.#warning(entity, view));
  }

  /** What lies first, then what stands and flies. @param {readonly Entity[]} around @param {boolean} lies */
  #paintThings(around, lies) {
    const { camera } = this;
    for (const entity of around) {
      const { kind, x, y } = entity;
      if (kind === 'hazard' || kind === 'storm' || (kind === 'item' || kind === 'container') !== lies || !camera.sees(x, y, METRE)) continue;
      this.#lookOf(entity).paint(this.#pen, camera.toScreenX(x), camera.toScreenY(y), entity.heading);
    }
  }

  /** @param {View} view */
  #paintTarget({ target }) {
    if (!target) return;
    const pen = this.#pen;
    pen.strokeStyle = this.#palette.accent;
    pen.lineWidth = 2 * this.ratio;
    pen.beginPath();
    pen.arc(this.camera.toScreenX(target.x), this.camera.toScreenY(target.y), 0.75 * METRE * this.camera.scale, 0, FULL);
    pen.stroke();
  }

  /** @param {View} view @param {{ x: number, y: number }} own */
  #paintOwn({ aim, reach, channel, cast }, own) {
    const pen = this.#pen;
    const { camera } = this;
    const palette = this.#palette;
    const x = camera.toScreenX(own.x);
    const y = camera.toScreenY(own.y);
    const body = BODY * GROWN * camera.scale;
    const angle = (aim / 65_536) * FULL;
    const [along, beside] = [Math.cos(angle), Math.sin(angle)];
    const far = Math.max(reach * camera.scale, body * 2.4);
    pen.globalAlpha = 0.35;
    pen.strokeStyle = palette.own;
    pen.lineWidth = 2 * this.ratio;
    pen.beginPath();
    pen.moveTo(x + along * body * 1.9, y + beside * body * 1.9);
    pen.lineTo(x + along * far, y + beside * far);
    pen.stroke();
    pen.globalAlpha = 0.9;
    pen.beginPath();
    pen.arc(x, y, body * 1.45, 0, FULL);
    pen.stroke();
    pen.globalAlpha = 1;
    this.#looks.own[0].paint(pen, x, y, aim >> 8);
    if (channel > 0) paintChannel(pen, x, y, body * 2.1, channel, palette.exit, palette);
    if (cast > 0) paintChannel(pen, x, y, body * 1.75, cast, palette.mana, palette);
  }

  /** Bars and names. @param {View} view */
  #paintSigns(view) {
    const { camera } = this;
    const pen = this.#pen;
    const high = BODY * GROWN * camera.scale;
    for (const { id, kind, x, y, hp_band: band } of view.around) {
      if ((kind !== 'player' && kind !== 'npc') || !camera.sees(x, y, METRE)) continue;
      const atX = camera.toScreenX(x);
      const atY = camera.toScreenY(y) - high * 1.4;
      const isPlayer = kind === 'player';
      if (isPlayer || band < 15) this.#bars[isPlayer ? 1 : 0].paint(pen, band, atX, atY - 8 * this.ratio);
      const name = isPlayer ? view.names[id] : undefined;
      if (name) this.#labels.text.paint(pen, name, atX, atY - 8 * this.ratio);
    }
    if (view.own) this.#bars[2].paint(pen, view.hpBand, camera.toScreenX(view.own.x), camera.toScreenY(view.own.y) + high * 1.7);
  }
}
