// What flashes up and is gone: numbers of damage, blows, rings of spells, ends. From a fixed stock, so that a frame makes nothing new.

import { METRE } from './camera.js';

/** @typedef {import('./camera.js').Camera} Camera @typedef {import('./palette.js').Palette} Palette @typedef {CanvasRenderingContext2D} Pen */

/** Flashes at once; the oldest goes first. */
const STOCK = 96;
const FULL = 2 * Math.PI;

/**
 * `words` rise; a `blow` is an arc in front of somebody, a `ring` grows around, a `hit` is a flash on somebody, a `shot` a line to there, an `end` bursts.
 * @typedef {'words' | 'blow' | 'ring' | 'hit' | 'shot' | 'end'} Kind
 */

const blank = () => ({ kind: /** @type {Kind} */ ('hit'), x: 0, y: 0, toX: 0, toY: 0, radius: 0, arc: 0, words: '', colour: /** @type {keyof Palette} */ ('text'), bornMs: -1e9, lifeMs: 0 });

/** @typedef {ReturnType<typeof blank>} Flash */

export class Effects {
  #stock = Array.from({ length: STOCK }, blank);
  #next = 0;
  /** Without motion nothing rises or grows. */
  isStill = false;

  /**
   * Begins one at a place of the ground. What it says more of it is set on what it returns.
   * @param {Kind} kind @param {number} x @param {number} y @param {keyof Palette} colour @param {number} nowMs @param {number} lifeMs
   */
  begin(kind, x, y, colour, nowMs, lifeMs) {
    const flash = this.#stock[this.#next];
    this.#next = (this.#next + 1) % STOCK;
    flash.kind = kind;
    flash.x = x;
    flash.y = y;
    flash.colour = colour;
    flash.bornMs = nowMs;
    flash.lifeMs = lifeMs;
    return flash;
  }

  /**
   * Somebody uses something.
   * @param {{ shape: string, rangeCm: number, arcDeg: number }} ability @param {{ x: number, y: number }} at @param {number} aim in 1/65536 turns
   * @param {keyof Palette} colour of blows @param {number} nowMs
   */
  use({ shape, rangeCm, arcDeg }, { x, y }, aim, colour, nowMs) {
    const radius = (rangeCm * METRE) / 100;
    const angle = (aim / 65_536) * FULL;
    const to = { radius, toX: x + Math.cos(angle) * radius, toY: y + Math.sin(angle) * radius };
    if (shape === 'melee') Object.assign(this.begin('blow', x, y, colour, nowMs, 180), to).arc = (Math.min(arcDeg, 360) / 360) * FULL;
    else if (shape === 'area') this.begin('ring', x, y, 'mana', nowMs, 420).radius = radius;
    else if (shape === 'hitscan') Object.assign(this.begin('shot', x, y, 'projectile', nowMs, 120), to);
    else this.begin('hit', x, y, 'projectile', nowMs, 100).radius = 0.55 * METRE;
  }

  /**
   * @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {number} nowMs
   * @param {boolean} areWords words are drawn over everything, the rest under the fog
   * @param {Record<string, import('./sprites.js').Labels>} labels by colours
   */
  paint(pen, camera, palette, nowMs, areWords, labels) {
    for (let at = 0; at < STOCK; at += 1) {
      const flash = this.#stock[at];
      const part = (nowMs - flash.bornMs) / flash.lifeMs;
      if (part >= 1 || part < 0 || (flash.kind === 'words') !== areWords) continue;
      const x = camera.toScreenX(flash.x);
      const y = camera.toScreenY(flash.y);
      if (areWords) {
        pen.globalAlpha = part > 0.6 ? (1 - part) / 0.4 : 1;
        (labels[flash.colour] ?? labels.text).paint(pen, flash.words, x, y - (this.isStill ? 20 : 14 + 34 * part));
      } else {
        pen.globalAlpha = (1 - part) * (flash.kind === 'hit' ? 0.55 : 1);
        pen.strokeStyle = palette[flash.colour];
        pen.fillStyle = palette[flash.colour];
        PAINTED[flash.kind]?.(pen, camera, flash, x, y, this.isStill ? 1 : part);
      }
    }
    pen.globalAlpha = 1;
  }
}

/** @type {Partial<Record<Kind, (pen: Pen, camera: Camera, flash: Flash, x: number, y: number, part: number) => void>>} */
const PAINTED = {
  blow(pen, camera, { radius, toX, toY, arc }, x, y, part) {
    const heading = Math.atan2(camera.toScreenY(toY) - y, camera.toScreenX(toX) - x);
    const far = radius * camera.scale * (0.6 + 0.4 * part);
    pen.lineWidth = Math.max(far * 0.22 * (1 - part * 0.6), 2);
    pen.beginPath();
    pen.arc(x, y, far, heading - arc / 2, heading - arc / 2 + arc * Math.min(part * 2 + 0.3, 1));
    pen.stroke();
  },
  ring(pen, camera, { radius }, x, y, part) {
    pen.lineWidth = 4;
    pen.beginPath();
    pen.arc(x, y, radius * camera.scale * (0.3 + 0.7 * part), 0, FULL);
    pen.stroke();
  },
  hit(pen, camera, { radius }, x, y, part) {
    pen.beginPath();
    pen.arc(x, y, radius * camera.scale * (0.7 + 0.5 * part), 0, FULL);
    pen.fill();
  },
  shot(pen, camera, { toX, toY }, x, y) {
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(camera.toScreenX(toX), camera.toScreenY(toY));
    pen.stroke();
  },
  end(pen, camera, { radius }, x, y, part) {
    const far = radius * camera.scale * (0.4 + 1.4 * part);
    for (let ray = 0; ray < 8; ray += 1) {
      const angle = (ray / 8) * FULL + radius;
      pen.beginPath();
      pen.arc(x + Math.cos(angle) * far, y + Math.sin(angle) * far, Math.max(radius * camera.scale * 0.22 * (1 - part * 0.6), 1), 0, FULL);
      pen.fill();
    }
  },
};
