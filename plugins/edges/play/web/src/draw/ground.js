// The ground of a match: its grid, what lies about on it, and its walls.

import { METRE } from './camera.js';
import { litter } from './shapes.js';
import { Look } from './sprites.js';

/** Side of a field of the grid, in subunits. */
const FIELD = 4 * METRE;
/** Kinds of litter. */
const LITTER = 8;
/** How high walls look, in subunits. */
const HEIGHT = 0.35 * METRE;

/** @typedef {import('./camera.js').Camera} Camera @typedef {import('./palette.js').Palette} Palette @typedef {{ x_min: number, y_min: number, x_max: number, y_max: number }} Block */

/** Pictures of what lies about. @param {Palette} palette @param {number} scale pixels of a subunit */
export const litterLooks = (palette, scale) => Array.from({ length: LITTER }, (_, at) => new Look(litter, `litter ${at}`, 0.55 * METRE * scale, palette, false));

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Camera} camera
 * @param {Palette} palette
 * @param {number} side of the map
 * @param {Look[]} looks
 */
export function paintGround(pen, camera, palette, side, looks) {
  const { scale, width, height } = camera;
  const left = Math.max(camera.toScreenX(0), 0);
  const top = Math.max(camera.toScreenY(0), 0);
  const right = Math.min(camera.toScreenX(side), width);
  const bottom = Math.min(camera.toScreenY(side), height);
  if (left > 0 || top > 0 || right < width || bottom < height) {
    pen.fillStyle = palette.fog;
    pen.fillRect(0, 0, width, height);
  }
  if (right <= left || bottom <= top) return;
  pen.fillStyle = palette.ground;
  pen.fillRect(left, top, right - left, bottom - top);
  const column = Math.max(Math.floor((camera.x - width / 2 / scale) / FIELD), 0);
  const columns = Math.min(Math.ceil((camera.x + width / 2 / scale) / FIELD), Math.ceil(side / FIELD));
  const row = Math.max(Math.floor((camera.y - height / 2 / scale) / FIELD), 0);
  const rows = Math.min(Math.ceil((camera.y + height / 2 / scale) / FIELD), Math.ceil(side / FIELD));
  pen.fillStyle = palette['ground-line'];
  for (let y = row; y < rows; y += 1) for (let x = column; x < columns; x += 1) paintSlab(pen, camera, x, y, side);
  pen.globalAlpha = 1;
  for (let at = column; at <= columns && at * FIELD < side; at += 1) pen.fillRect(Math.round(camera.toScreenX(at * FIELD)), top, 1, bottom - top);
  for (let at = row; at <= rows && at * FIELD < side; at += 1) pen.fillRect(left, Math.round(camera.toScreenY(at * FIELD)), right - left, 1);
  for (let y = row; y < rows; y += 1) for (let x = column; x < columns; x += 1) paintLitter(pen, camera, x, y, side, looks);
  pen.strokeStyle = palette['wall-edge'];
  pen.lineWidth = 3;
  pen.strokeRect(camera.toScreenX(0), camera.toScreenY(0), side * scale, side * scale);
}

/** A number of 32 bits for a field, the same each time. @param {number} x @param {number} y */
function mixOf(x, y) {
  let mixed = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

/** Some fields are a little lighter than others: one sees oneself walk. @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {number} x @param {number} y of the field @param {number} whole side of the map */
function paintSlab(pen, camera, x, y, whole) {
  const tone = (mixOf(x, y) >>> 20) & 7;
  if (tone > 3) return;
  pen.globalAlpha = 0.2 + tone * 0.12;
  const across = Math.min(FIELD, whole - x * FIELD) * camera.scale - 3;
  const down = Math.min(FIELD, whole - y * FIELD) * camera.scale - 3;
  pen.fillRect(Math.round(camera.toScreenX(x * FIELD)) + 2, Math.round(camera.toScreenY(y * FIELD)) + 2, across, down);
}

/** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {number} x @param {number} y of the field @param {number} whole side of the map @param {Look[]} looks */
function paintLitter(pen, camera, x, y, whole, looks) {
  const mixed = mixOf(x, y);
  if (mixed & 1) return;
  const atX = (x + 0.15 + ((mixed >>> 4) & 15) / 22) * FIELD;
  const atY = (y + 0.15 + ((mixed >>> 8) & 15) / 22) * FIELD;
  if (atX >= whole || atY >= whole) return;
  looks[(mixed >>> 1) & 7].paint(pen, camera.toScreenX(atX), camera.toScreenY(atY), 0);
}

/** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Palette} palette @param {readonly Block[]} blocks */
export function paintWalls(pen, camera, palette, blocks) {
  const { scale, width, height } = camera;
  const high = HEIGHT * scale;
  for (const block of blocks) {
    const x = camera.toScreenX(block.x_min);
    const y = camera.toScreenY(block.y_min);
    const across = (block.x_max - block.x_min) * scale;
    const down = (block.y_max - block.y_min) * scale;
    if (x > width || y > height || x + across < 0 || y + down + high < 0) continue;
    pen.globalAlpha = 0.35;
    pen.fillStyle = palette.fog;
    pen.fillRect(x + high * 0.6, y + high * 0.6, across, down + high * 0.4);
    pen.globalAlpha = 1;
    pen.fillStyle = palette.wall;
    pen.fillRect(x, y, across, down);
    const rim = Math.max(high * 0.28, 1.5);
    pen.fillStyle = palette['wall-edge'];
    pen.fillRect(x, y, across, rim);
    pen.fillRect(x, y, rim, down);
    pen.globalAlpha = 0.4;
    pen.fillStyle = palette.fog;
    pen.fillRect(x, y + down - high, across, high);
    pen.globalAlpha = 1;
  }
}
