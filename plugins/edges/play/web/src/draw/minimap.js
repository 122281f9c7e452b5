// The whole map, small: walls and places drawn once, what moves a few times a second.

import { DECIMETRE } from './areas.js';
import { readPalette } from './palette.js';

/** @typedef {import('./scene.js').View} View */

const FULL = 2 * Math.PI;

export class Minimap {
  #canvas;
  #pen;
  #palette = readPalette();
  /** @type {ImageBitmap | undefined} */
  #ground;
  #size = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  }

  refit() {
    const side = Math.max(Math.round(this.#canvas.clientWidth * Math.min(devicePixelRatio || 1, 2)), 1);
    this.#canvas.width = side;
    this.#canvas.height = side;
    this.#size = side;
    this.#palette = readPalette();
    this.#ground = undefined;
  }

  /** @param {View} view */
  paint(view) {
    const { match, own, sight } = view;
    const scale = this.#size / Math.max(match.side, 1);
    const pen = this.#pen;
    const palette = this.#palette;
    pen.drawImage((this.#ground ??= this.#drawGround(match, scale)), 0, 0);
    const fine = this.#size / 160;
    for (const entity of view.around) if (entity.kind === 'storm') this.#paintStorm(entity, scale);
    match.exits.forEach((exit, at) => this.#paintExit(exit, view.openExits[at] === true, scale, fine));
    for (const { kind, x, y } of view.around) {
      if (kind !== 'player' && kind !== 'npc') continue;
      pen.fillStyle = kind === 'player' ? palette.player : palette.foe;
      pen.fillRect(x * scale - 1.5 * fine, y * scale - 1.5 * fine, 3 * fine, 3 * fine);
    }
    if (!own) return;
    pen.strokeStyle = palette.muted;
    pen.lineWidth = fine;
    pen.beginPath();
    pen.arc(own.x * scale, own.y * scale, sight * scale, 0, FULL);
    pen.stroke();
    this.#paintOwn(own.x * scale, own.y * scale, (view.aim / 65_536) * FULL, fine);
  }

  /** @param {View['match']} match @param {number} scale */
  #drawGround(match, scale) {
    const canvas = new OffscreenCanvas(this.#size, this.#size);
    const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    pen.fillStyle = this.#palette.ground;
    pen.fillRect(0, 0, this.#size, this.#size);
    pen.strokeStyle = this.#palette.muted;
    for (const { x, y, radius } of match.pois) {
      pen.globalAlpha = 0.6;
      pen.beginPath();
      pen.arc(x * scale, y * scale, radius * scale, 0, FULL);
      pen.stroke();
    }
    pen.globalAlpha = 1;
    pen.fillStyle = this.#palette.wall;
    for (const { x_min: x, y_min: y, x_max: right, y_max: bottom } of match.obstacles) {
      pen.fillRect(x * scale, y * scale, Math.max((right - x) * scale, 1), Math.max((bottom - y) * scale, 1));
    }
    return canvas.transferToImageBitmap();
  }

  /** @param {{ x: number, y: number, extent: number }} storm @param {number} scale */
  #paintStorm({ x, y, extent }, scale) {
    const pen = this.#pen;
    const radius = extent * DECIMETRE * scale;
    pen.beginPath();
    pen.rect(0, 0, this.#size, this.#size);
    pen.moveTo(x * scale + radius, y * scale);
    pen.arc(x * scale, y * scale, radius, 0, FULL);
    pen.globalAlpha = 0.35;
    pen.fillStyle = this.#palette.storm;
    pen.fill('evenodd');
    pen.globalAlpha = 1;
    pen.beginPath();
    pen.arc(x * scale, y * scale, radius, 0, FULL);
    pen.lineWidth = 1.5;
    pen.strokeStyle = this.#palette.storm;
    pen.stroke();
  }

  /** An open exit is a full square on its corner, a closed one an empty one. @param {{ x: number, y: number }} exit @param {boolean} isOpen @param {number} scale @param {number} fine */
  #paintExit({ x, y }, isOpen, scale, fine) {
    const pen = this.#pen;
    const far = 4.5 * fine;
    pen.beginPath();
    pen.moveTo(x * scale - far, y * scale);
    pen.lineTo(x * scale, y * scale - far);
    pen.lineTo(x * scale + far, y * scale);
    pen.lineTo(x * scale, y * scale + far);
    pen.closePath();
    pen.lineWidth = 1.5 * fine;
    pen.strokeStyle = this.#palette.exit;
    pen.fillStyle = isOpen ? this.#palette.exit : this.#palette.ground;
    pen.fill();
    pen.stroke();
  }

  /** @param {number} x @param {number} y @param {number} angle @param {number} fine */
  #paintOwn(x, y, angle, fine) {
    const pen = this.#pen;
    const [along, beside] = [Math.cos(angle) * 5 * fine, Math.sin(angle) * 5 * fine];
    pen.beginPath();
    pen.moveTo(x + along * 1.3, y + beside * 1.3);
    pen.lineTo(x - along - beside * 0.8, y - beside + along * 0.8);
    pen.lineTo(x - along + beside * 0.8, y - beside - along * 0.8);
    pen.closePath();
    pen.fillStyle = this.#palette.own;
    pen.strokeStyle = this.#palette.fog;
    pen.lineWidth = fine;
    pen.fill();
    pen.stroke();
  }
}
