// What is drawn often, drawn once: things looking 32 ways, bars and labels, as pictures that a frame only copies.

import { chance, seedOf } from './random.js';

/** Ways that a thing looks. */
const WAYS = 32;
/** Labels of one style that are kept. */
const LABELS_MAX = 256;
/** Steps of a health bar, as the wire has them. */
const BANDS = 15;
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** @param {number} width @param {number} height */
function picture(width, height) {
  const canvas = new OffscreenCanvas(Math.max(Math.ceil(width), 1), Math.max(Math.ceil(height), 1));
  return { canvas, pen: /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d')) };
}

/** One thing, looking whichever way it does. */
export class Look {
  /** @type {(ImageBitmap | undefined)[]} */
  #ways = [];
  #shape;
  #key;
  #palette;
  #turns;

  /**
   * @param {import('./shapes.js').Shape} shape
   * @param {string} key seeds what it looks like
   * @param {number} radius in pixels
   * @param {import('./palette.js').Palette} palette
   * @param {boolean} turns whether it looks different ways
   */
  constructor(shape, key, radius, palette, turns) {
    this.#shape = shape;
    this.#key = key;
    this.radius = radius;
    this.#palette = palette;
    this.#turns = turns;
    /** Half the side of its picture. */
    this.half = Math.ceil(radius * (turns ? 2.7 : 1.3)) + 1;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} x @param {number} y its middle @param {number} heading in 1/256 turns */
  paint(pen, x, y, heading) {
    const way = this.#turns ? ((heading + 4) >> 3) & (WAYS - 1) : 0;
    const drawn = (this.#ways[way] ??= this.#draw(way));
    pen.drawImage(drawn, Math.round(x) - this.half, Math.round(y) - this.half);
  }

  /** @param {number} way */
  #draw(way) {
    const { canvas, pen } = picture(this.half * 2, this.half * 2);
    pen.translate(this.half, this.half);
    pen.rotate((way / WAYS) * 2 * Math.PI);
    this.#shape(pen, this.radius, this.#palette, chance(seedOf(this.#key)));
    return canvas.transferToImageBitmap();
  }
}

/** Words of one size and colour. */
export class Labels {
  /** @type {Map<string, ImageBitmap>} */
  #kept = new Map();
  #font;
  #colour;
  #edge;
  #size;

  /** @param {number} size in pixels @param {string} colour @param {string} edge @param {number} [weight] */
  constructor(size, colour, edge, weight = 600) {
    this.#font = `${weight} ${size}px ${FONT}`;
    this.#size = size;
    this.#colour = colour;
    this.#edge = edge;
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} words @param {number} x its middle @param {number} y its foot */
  paint(pen, words, x, y) {
    const drawn = this.#of(words);
    pen.drawImage(drawn, Math.round(x - drawn.width / 2), Math.round(y - drawn.height));
  }

  /** @param {string} words */
  #of(words) {
    const kept = this.#kept.get(words);
    if (kept) return kept;
    if (this.#kept.size >= LABELS_MAX) this.#kept.clear();
    const measured = picture(1, 1).pen;
    measured.font = this.#font;
    const { canvas, pen } = picture(measured.measureText(words).width + 6, this.#size * 1.35 + 4);
    pen.font = this.#font;
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = Math.max(2.5, this.#size * 0.22);
    pen.strokeStyle = this.#edge;
    pen.globalAlpha = 0.85;
    pen.strokeText(words, 3, canvas.height / 2);
    pen.globalAlpha = 1;
    pen.fillStyle = this.#colour;
    pen.fillText(words, 3, canvas.height / 2);
    const drawn = canvas.transferToImageBitmap();
    this.#kept.set(words, drawn);
    return drawn;
  }
}

/** Health bars, from empty to whole. */
export class Bars {
  #width;
  #height;
  /** @type {(ImageBitmap | undefined)[]} */
  #kept = [];
  #palette;
  #colour;

  /** @param {number} width @param {number} height @param {string} colour @param {import('./palette.js').Palette} palette */
  constructor(width, height, colour, palette) {
    this.#width = Math.round(width);
    this.#height = Math.max(Math.round(height), 3);
    this.#palette = palette;
    this.#colour = colour;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} band from 0 to 15 @param {number} x its middle @param {number} y its top */
  paint(pen, band, x, y) {
    const drawn = (this.#kept[band] ??= this.#draw(band));
    pen.drawImage(drawn, Math.round(x - drawn.width / 2), Math.round(y));
  }

  /** @param {number} band */
  #draw(band) {
    const { canvas, pen } = picture(this.#width + 2, this.#height + 2);
    pen.fillStyle = this.#palette.fog;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = this.#colour;
    pen.fillRect(1, 1, Math.round((this.#width * Math.min(band, BANDS)) / BANDS), this.#height);
    return canvas.transferToImageBitmap();
  }
}
