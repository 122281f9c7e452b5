// How those in the world look: shapes by kind, and by what each is called.

import { chance, seedOf } from '../../draw/random.js';

/** @typedef {import('../../draw/palette.js').Palette} Palette */
/** @typedef {CanvasRenderingContext2D} Pen */

/** @param {Pen} pen @param {number} radius */
function disc(pen, radius, x = 0, y = 0) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

/**
 * A person from above: shoulders, a head, and a cloak of its own cut.
 * @param {Pen} pen at its middle, looking along +x
 * @param {number} radius in pixels
 * @param {string} colour
 * @param {number} seed
 * @param {Palette} palette
 */
export function paintPerson(pen, radius, colour, seed, palette) {
  const next = chance(seed);
  const cloak = 0.75 + next() * 0.45;
  pen.lineWidth = Math.max(1, radius * 0.09);
  pen.strokeStyle = palette.fog;
  pen.fillStyle = colour;
  pen.globalAlpha = 0.55;
  pen.beginPath();
  pen.moveTo(radius * 0.2, -radius * 0.85);
  pen.quadraticCurveTo(-radius * cloak * 1.5, -radius * (0.3 + next() * 0.5), -radius * (0.7 + next() * 0.4), 0);
  pen.quadraticCurveTo(-radius * cloak * 1.5, radius * (0.3 + next() * 0.5), radius * 0.2, radius * 0.85);
  pen.fill();
  pen.globalAlpha = 1;
  pen.beginPath();
  pen.ellipse(0, 0, radius * 0.6, radius, 0, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.fillStyle = palette.text;
  pen.globalAlpha = 0.7;
  for (const side of [-1, 1]) {
    disc(pen, radius * 0.2, radius * (0.45 + next() * 0.2), side * radius * 0.62);
    pen.fill();
  }
  // A face lies ahead, and hair or a hood behind it.
  disc(pen, radius * 0.4, radius * 0.16);
  pen.fill();
  pen.globalAlpha = 0.75;
  pen.fillStyle = palette.fog;
  const half = 1.7 + next() * 0.7;
  pen.beginPath();
  pen.arc(radius * 0.12, 0, radius * 0.42, Math.PI - half, Math.PI + half);
  pen.fill();
  pen.globalAlpha = 1;
}

/**
 * A beast, or whoever else means no good: spikes and two eyes.
 * @param {Pen} pen @param {number} radius @param {string} colour @param {number} seed @param {Palette} palette
 */
export function paintFoe(pen, radius, colour, seed, palette) {
  const next = chance(seed);
  const spikes = 5 + Math.floor(next() * 5);
  const depth = 0.62 + next() * 0.2;
  const long = 1 + next() * 0.3;
  pen.beginPath();
  for (let at = 0; at < spikes * 2; at += 1) {
    const turn = (at / spikes) * Math.PI;
    const far = radius * (at % 2 ? depth : 1.05) * (Math.cos(turn) > 0.2 ? long : 1);
    pen.lineTo(Math.cos(turn) * far, Math.sin(turn) * far * 0.85);
  }
  pen.closePath();
  pen.lineJoin = 'round';
  pen.lineWidth = Math.max(1, radius * 0.14);
  pen.strokeStyle = palette.fog;
  pen.fillStyle = colour;
  pen.fill();
  pen.stroke();
  pen.fillStyle = palette.fog;
  for (const side of [-1, 1]) {
    disc(pen, radius * 0.15, radius * 0.45, side * radius * 0.28);
    pen.fill();
  }
}

/** Something that lies there: a cut stone of its own cut. @param {Pen} pen @param {number} radius @param {number} seed @param {Palette} palette */
export function paintItem(pen, radius, seed, palette) {
  const next = chance(seed);
  const corners = 4 + Math.floor(next() * 3);
  const begin = next() * Math.PI;
  pen.beginPath();
  for (let at = 0; at < corners; at += 1) {
    const turn = begin + (at / corners) * 2 * Math.PI;
    pen.lineTo(Math.cos(turn) * radius, Math.sin(turn) * radius);
  }
  pen.closePath();
  pen.fillStyle = palette.item;
  pen.strokeStyle = palette.fog;
  pen.lineWidth = Math.max(1, radius * 0.2);
  pen.fill();
  pen.stroke();
}

/** A chest. @param {Pen} pen @param {number} radius @param {Palette} palette */
export function paintChest(pen, radius, palette) {
  pen.fillStyle = palette.container;
  pen.strokeStyle = palette.fog;
  pen.lineWidth = Math.max(1, radius * 0.16);
  pen.beginPath();
  pen.roundRect(-radius, -radius * 0.7, radius * 2, radius * 1.4, radius * 0.25);
  pen.fill();
  pen.stroke();
  pen.beginPath();
  pen.moveTo(-radius, -radius * 0.1);
  pen.lineTo(radius, -radius * 0.1);
  pen.stroke();
  pen.fillStyle = palette.accent;
  pen.fillRect(-radius * 0.18, -radius * 0.28, radius * 0.36, radius * 0.42);
}

/** A picture of somebody by a name alone. @param {HTMLCanvasElement} canvas @param {string} name @param {Palette} palette */
export function paintPortrait(canvas, name, palette) {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const { width } = canvas;
  const next = chance(seedOf(name));
  pen.fillStyle = palette.ground;
  pen.fillRect(0, 0, width, width);
  pen.strokeStyle = palette['ground-line'];
  pen.lineWidth = width / 24;
  for (let ring = 1; ring < 4; ring += 1) {
    disc(pen, (width * (ring + next() * 0.6)) / 5, width * next(), width * next());
    pen.stroke();
  }
  pen.translate(width / 2, width / 2);
  pen.rotate(Math.PI * (0.2 + next() * 0.6));
  paintPerson(pen, width * 0.33, [palette.own, palette.player, palette.exit, palette.container][Math.floor(next() * 4)], seedOf(name), palette);
}
