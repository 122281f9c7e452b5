// Areas on the ground: exits, places, hazards and the storm with their warnings, and how far one sees.

import { METRE } from './camera.js';

/** @typedef {import('./camera.js').Camera} Camera @typedef {import('./palette.js').Palette} Palette @typedef {CanvasRenderingContext2D} Pen */

const FULL = 2 * Math.PI;
/** Subunits of a decimetre. */
export const DECIMETRE = METRE / 10;
/** @type {number[]} */
const WHOLE = [];
/** Strokes of a line that only warns. */
const DASHES = [10, 8];

/** @param {Pen} pen @param {number} x @param {number} y @param {number} radius @param {string} colour @param {number} width @param {boolean} isDashed */
function ring(pen, x, y, radius, colour, width, isDashed) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, FULL);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  if (isDashed) pen.setLineDash(DASHES);
  pen.stroke();
  if (isDashed) pen.setLineDash(WHOLE);
}

/** @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {{ x: number, y: number, radius: number }} poi */
export function paintPlace(pen, camera, palette, { x, y, radius }) {
  if (!camera.sees(x, y, radius)) return;
  pen.globalAlpha = 0.14;
  pen.fillStyle = palette.container;
  pen.beginPath();
  pen.arc(camera.toScreenX(x), camera.toScreenY(y), radius * camera.scale, 0, FULL);
  pen.fill();
  pen.globalAlpha = 0.6;
  ring(pen, camera.toScreenX(x), camera.toScreenY(y), radius * camera.scale, palette.container, 1.5, true);
  pen.globalAlpha = 1;
}

/**
 * A way out: an open one is filled and has a whole rim, a closed one has only a broken rim.
 * @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {{ x: number, y: number, radius: number }} exit @param {boolean} isOpen @param {number} pulse from 0 to 1
 */
export function paintExit(pen, camera, palette, { x, y, radius }, isOpen, pulse) {
  if (!camera.sees(x, y, radius)) return;
  const [atX, atY, far] = [camera.toScreenX(x), camera.toScreenY(y), radius * camera.scale];
  if (isOpen) {
    pen.globalAlpha = 0.16;
    pen.fillStyle = palette.exit;
    pen.beginPath();
    pen.arc(atX, atY, far, 0, FULL);
    pen.fill();
    pen.globalAlpha = 0.6 * (1 - pulse);
    ring(pen, atX, atY, far * (0.35 + 0.65 * pulse), palette.exit, 2, false);
    pen.globalAlpha = 1;
  }
  ring(pen, atX, atY, far, palette.exit, isOpen ? 3 : 2, !isOpen);
}

/**
 * An area that hurts inside, or will. What only warns has a broken rim that closes as the time runs out.
 * @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {{ x: number, y: number, extent: number }} area @param {number} warning what is left of it, from 1 to 0
 */
export function paintHazard(pen, camera, palette, { x, y, extent }, warning) {
  const radius = extent * DECIMETRE;
  if (!camera.sees(x, y, radius)) return;
  const [atX, atY, far] = [camera.toScreenX(x), camera.toScreenY(y), radius * camera.scale];
  pen.fillStyle = palette.hazard;
  pen.globalAlpha = warning > 0 ? 0.1 : 0.24;
  pen.beginPath();
  pen.arc(atX, atY, far, 0, FULL);
  pen.fill();
  pen.globalAlpha = 1;
  ring(pen, atX, atY, far, palette.hazard, warning > 0 ? 2 : 2.5, warning > 0);
  if (warning <= 0) return;
  pen.beginPath();
  pen.arc(atX, atY, far, -FULL / 4, -FULL / 4 + FULL * (1 - warning));
  pen.lineWidth = 4;
  pen.strokeStyle = palette.hazard;
  pen.stroke();
}

/**
 * A storm hurts outside its circle.
 * @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {{ x: number, y: number, extent: number }} storm @param {number} warning what is left of it, from 1 to 0
 */
export function paintStorm(pen, camera, palette, { x, y, extent }, warning) {
  const [atX, atY, far] = [camera.toScreenX(x), camera.toScreenY(y), extent * DECIMETRE * camera.scale];
  outside(pen, camera, atX, atY, far);
  pen.globalAlpha = warning > 0 ? 0.1 : 0.3;
  pen.fillStyle = palette.storm;
  pen.fill('evenodd');
  pen.globalAlpha = 1;
  ring(pen, atX, atY, far, palette.storm, warning > 0 ? 2 : 4, warning > 0);
}

/** Shades what lies beyond the sight. @param {Pen} pen @param {Camera} camera @param {Palette} palette @param {number} x @param {number} y @param {number} sight */
export function paintFog(pen, camera, palette, x, y, sight) {
  const [atX, atY, far] = [camera.toScreenX(x), camera.toScreenY(y), sight * camera.scale];
  if (far * far > (camera.width * camera.width + camera.height * camera.height) / 4) return;
  outside(pen, camera, atX, atY, far);
  pen.globalAlpha = 0.6;
  pen.fillStyle = palette.fog;
  pen.fill('evenodd');
  outside(pen, camera, atX, atY, far + METRE * camera.scale);
  pen.globalAlpha = 0.3;
  pen.fill('evenodd');
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {Camera} camera @param {number} x @param {number} y @param {number} radius */
function outside(pen, camera, x, y, radius) {
  pen.beginPath();
  pen.rect(0, 0, camera.width, camera.height);
  pen.moveTo(x + radius, y);
  pen.arc(x, y, Math.max(radius, 0), 0, FULL);
}

/** How far somebody is with what takes time: the way out, a spell. @param {Pen} pen @param {number} x @param {number} y @param {number} radius in pixels @param {number} part from 0 to 1 @param {string} colour @param {Palette} palette */
export function paintChannel(pen, x, y, radius, part, colour, palette) {
  pen.globalAlpha = 0.7;
  ring(pen, x, y, radius, palette.fog, 7, false);
  pen.globalAlpha = 1;
  pen.beginPath();
  pen.arc(x, y, radius, -FULL / 4, -FULL / 4 + FULL * part);
  pen.lineWidth = 4;
  pen.strokeStyle = colour;
  pen.stroke();
}
