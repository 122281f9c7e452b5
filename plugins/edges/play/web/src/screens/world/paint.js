// Who and what is in a place, on its ground: figures, names, health, marks and numbers that float up.

import { METRE } from '../../draw/camera.js';
import { seedOf } from '../../draw/random.js';
import { paintChest, paintFoe, paintItem, paintPerson } from './figures.js';
import { FONT } from './ground.js';
import { angleOf } from './walk.js';

/** @typedef {import('../../draw/palette.js').Palette} Palette */
/** @typedef {import('../../../sdk/lane/types.js').Entity} Entity */
/** @typedef {import('./ground.js').NorthUp} NorthUp */
/** @typedef {CanvasRenderingContext2D} Pen */
/** @typedef {{ x: number, y: number, born: number, words: string, colour: string, isLarge: boolean }} Float */

/** How long a number floats. */
export const FLOAT_MS = 1_100;
/** How near a thing is whose name is shown without being meant, in subunits. */
const NAMED = 5 * METRE;

/** See the head of this file. */
export class Painter {
  ratio = 1;

  /** @param {Pen} pen @param {NorthUp} camera @param {Palette} palette @param {import('./hands.js').Hands} hands */
  constructor(pen, camera, palette, hands) {
    this.pen = pen;
    this.camera = camera;
    this.palette = palette;
    this.hands = hands;
  }

  /** @param {number} x @param {number} y @param {(pen: Pen) => void} draw */
  #at(x, y, draw) {
    const { pen, camera } = this;
    pen.save();
    pen.translate(camera.toScreenX(x), camera.toScreenY(y));
    draw(pen);
    pen.restore();
  }

  /** Areas that hurt, below everyone. @param {Entity} entity */
  area({ x, y, kind, extent }) {
    const colour = kind === 'storm' ? this.palette.storm : this.palette.hazard;
    const radius = ((extent * METRE) / 10) * this.camera.scale;
    if (kind === 'storm') return;
    this.#at(x, y, (pen) => {
      pen.fillStyle = colour;
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.arc(0, 0, radius, 0, 2 * Math.PI);
      pen.globalAlpha = 0.16;
      pen.fill();
      pen.globalAlpha = 0.8;
      pen.lineWidth = 2 * this.ratio;
      pen.setLineDash([8 * this.ratio, 6 * this.ratio]);
      pen.stroke();
    });
  }

  /** @param {Entity} entity @param {boolean} isMeant */
  entity(entity, isMeant) {
    const { x, y, kind, template, heading } = entity;
    if (kind === 'hazard' || kind === 'storm' || !this.camera.sees(x, y, 2 * METRE)) return;
    const radius = this.radiusOf(entity) * this.camera.scale;
    if (isMeant) this.#ring(x, y, radius);
    this.#at(x, y, (pen) => {
      if (kind === 'container') return paintChest(pen, radius, this.palette);
      if (kind === 'item') return paintItem(pen, radius, template * 7_919 + 3, this.palette);
      pen.rotate(angleOf(heading * 256));
      if (kind === 'player') paintPerson(pen, radius, this.palette.player, seedOf(this.hands.nameOf(entity)), this.palette);
      else if (kind === 'npc' && this.hands.isNamed(entity)) paintPerson(pen, radius, this.palette.exit, template * 31, this.palette);
      else if (kind === 'npc') paintFoe(pen, radius, this.palette.foe, template * 101 + 5, this.palette);
      else this.#shot(pen, radius);
    });
  }

  /** Names and health, above everyone. @param {Entity} entity @param {boolean} isMeant @param {{ x: number, y: number }} own */
  label(entity, isMeant, own) {
    const { x, y, kind } = entity;
    if (kind === 'projectile' || kind === 'hazard' || kind === 'storm' || !this.camera.sees(x, y, METRE)) return;
    const isThing = kind === 'item' || kind === 'container';
    const radius = this.radiusOf(entity) * this.camera.scale;
    const top = this.camera.toScreenY(y) - radius - 6 * this.ratio;
    const left = this.camera.toScreenX(x);
    if (!isThing && (entity.hp_band < 15 || isMeant)) this.#bar(left, top, entity.hp_band / 15, kind === 'npc' ? this.palette.damage : this.palette.health);
    if (isThing && !isMeant && Math.hypot(x - own.x, y - own.y) > NAMED) return;
    if (kind === 'npc' && !isMeant && !this.hands.isNamed(entity) && Math.hypot(x - own.x, y - own.y) > NAMED * 2) return;
    this.words(this.hands.nameOf(entity), left, top - 8 * this.ratio, isMeant ? this.palette.text : this.palette.muted, isThing ? 11 : 12);
  }

  /** @param {Entity} entity in subunits */
  radiusOf({ kind, template }) {
    if (kind === 'item') return 0.28 * METRE;
    if (kind === 'projectile') return 0.18 * METRE;
    if (kind === 'container') return 0.5 * METRE;
    const { content } = this.hands.store.state;
    const key = kind === 'npc' ? content.numbers.npcs?.[template] : undefined;
    const row = key === undefined ? undefined : content.tables.npcs?.find((each) => each.key === key);
    return ((row?.radius_cm ?? 40) / 100) * METRE * 1.35;
  }

  /** Oneself. @param {{ x: number, y: number, heading: number }} own @param {number} share of the hit points */
  own({ x, y, heading }, share) {
    const radius = 0.55 * METRE * this.camera.scale;
    this.#at(x, y, (pen) => {
      pen.strokeStyle = this.palette.own;
      pen.globalAlpha = 0.45;
      pen.lineWidth = 1.5 * this.ratio;
      pen.beginPath();
      pen.arc(0, 0, radius * 1.5, 0, 2 * Math.PI);
      pen.stroke();
      pen.globalAlpha = 1;
      pen.rotate(angleOf(heading));
      paintPerson(pen, radius, this.palette.own, seedOf(this.hands.store.state.session.name), this.palette);
    });
    if (share < 1) this.#bar(this.camera.toScreenX(x), this.camera.toScreenY(y) - radius - 8 * this.ratio, share, this.palette.health);
  }

  /** Where one is walking to. @param {{ x: number, y: number }} goal */
  goal({ x, y }) {
    this.#at(x, y, (pen) => {
      const size = 5 * this.ratio;
      pen.strokeStyle = this.palette.own;
      pen.lineWidth = 2 * this.ratio;
      pen.beginPath();
      for (const side of [-1, 1]) {
        pen.moveTo(-size, -size * side);
        pen.lineTo(size, size * side);
      }
      pen.stroke();
    });
  }

  /** The edge of what one sees lies in the dark. */
  dusk() {
    const { pen, camera, palette } = this;
    const far = Math.hypot(camera.width, camera.height) / 2;
    const dark = pen.createRadialGradient(camera.width / 2, camera.height / 2, far * 0.45, camera.width / 2, camera.height / 2, far);
    dark.addColorStop(0, 'transparent');
    dark.addColorStop(1, palette.fog);
    pen.globalAlpha = 0.5;
    pen.fillStyle = dark;
    pen.fillRect(0, 0, camera.width, camera.height);
    pen.globalAlpha = 1;
  }

  /** @param {Float} float @param {number} now @param {boolean} isStill */
  float({ x, y, born, words, colour, isLarge }, now, isStill) {
    const age = (now - born) / FLOAT_MS;
    const rise = isStill ? 12 : 12 + age * 26;
    this.pen.globalAlpha = Math.min(1, 2 * (1 - age));
    this.words(words, this.camera.toScreenX(x), this.camera.toScreenY(y) - rise * this.ratio, colour, isLarge ? 19 : 14, true);
    this.pen.globalAlpha = 1;
  }

  /** Words with an edge, so that they are read on any ground. @param {string} words @param {number} x @param {number} y @param {string} colour @param {number} size */
  words(words, x, y, colour, size, isBold = false) {
    const { pen } = this;
    pen.font = `${isBold ? 700 : 500} ${size * this.ratio}px ${FONT}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    pen.lineJoin = 'round';
    pen.lineWidth = 3 * this.ratio;
    pen.strokeStyle = this.palette.ground;
    pen.strokeText(words, x, y);
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  }

  /** @param {number} x @param {number} y @param {number} share @param {string} colour */
  #bar(x, y, share, colour) {
    const { pen } = this;
    const [width, height] = [34 * this.ratio, 4 * this.ratio];
    pen.fillStyle = this.palette.fog;
    pen.fillRect(x - width / 2 - this.ratio, y - this.ratio, width + 2 * this.ratio, height + 2 * this.ratio);
    pen.fillStyle = colour;
    pen.fillRect(x - width / 2, y, width * Math.min(share, 1), height);
  }

  /** @param {number} x @param {number} y @param {number} radius */
  #ring(x, y, radius) {
    this.#at(x, y, (pen) => {
      pen.strokeStyle = this.palette.accent;
      pen.lineWidth = 2 * this.ratio;
      pen.setLineDash([6 * this.ratio, 4 * this.ratio]);
      pen.beginPath();
      pen.arc(0, 0, radius * 1.5, 0, 2 * Math.PI);
      pen.stroke();
    });
  }

  /** @param {Pen} pen @param {number} radius */
  #shot(pen, radius) {
    pen.fillStyle = this.palette.projectile;
    pen.beginPath();
    pen.moveTo(radius * 1.4, 0);
    pen.lineTo(-radius, radius * 0.6);
    pen.lineTo(-radius * 2.2, 0);
    pen.lineTo(-radius, -radius * 0.6);
    pen.fill();
  }
}
