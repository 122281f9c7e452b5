// The picture of a mode. Where its ground is known from a match that this page has seen, that; else a drawing from its name and numbers,
// which shows where nothing is: every match has a ground of its own.

import { readPalette } from '../../draw/palette.js';
import { chance, seedOf } from '../../draw/random.js';

/** Dots for players at most. */
const DOTS_MAX = 400;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** @typedef {import('../../../types/messages.js').ServerPayloads['match_started']} Ground */
/** @typedef {import('../../draw/palette.js').Palette} Palette */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import('../../../types/messages.js').ModeInfo} mode
 * @param {Ground | undefined} ground
 */
export function drawMode(canvas, mode, ground) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  const context = canvas.getContext('2d');
  if (!context || !width || !height) return;
  Object.assign(canvas, { width, height });
  const palette = readPalette();
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  context.translate(width / 2, height / 2);
  if (ground) drawGround(context, palette, ground, Math.min(width, height) * 0.92);
  else drawEmblem(context, palette, mode, Math.min(width, height), ratio);
}

/** The ground as it was, as large as fits. @param {CanvasRenderingContext2D} context @param {Palette} palette @param {Ground} ground @param {number} size */
function drawGround(context, palette, { side, obstacles, pois, exits }, size) {
  const scale = size / side;
  context.scale(scale, scale);
  context.translate(-side / 2, -side / 2);
  context.lineWidth = 1.5 / scale;
  context.strokeStyle = palette['wall-edge'];
  context.strokeRect(0, 0, side, side);
  context.strokeStyle = palette.container;
  for (const { x, y, radius } of pois) ring(context, x, y, radius);
  context.fillStyle = palette.wall;
  for (const { x_min: x, y_min: y, x_max: right, y_max: bottom } of obstacles) context.fillRect(x, y, right - x, bottom - y);
  context.strokeStyle = palette.exit;
  context.lineWidth = 3 / scale;
  for (const { x, y, radius } of exits) ring(context, x, y, radius);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * Contours by its name, more of them the longer it lasts; a dot for each player, on a spiral that is no place.
 * @param {CanvasRenderingContext2D} context @param {Palette} palette @param {import('../../../types/messages.js').ModeInfo} mode
 * @param {number} size @param {number} ratio
 */
function drawEmblem(context, palette, { name, players, duration_s: seconds }, size, ratio) {
  const random = chance(seedOf(name));
  const waves = Array.from({ length: 4 }, (_, at) => ({ often: at + 2, high: (0.12 / (at + 1)) * (0.5 + random()), turn: random() * 2 * Math.PI }));
  const contours = Math.min(9, 2 + Math.round(Math.log2(1 + seconds / 30)));
  for (let contour = contours; contour >= 1; contour -= 1) {
    const radius = (contour / contours) * size * 0.9;
    context.beginPath();
    for (let step = 0; step <= 96; step += 1) {
      const angle = (step / 96) * 2 * Math.PI;
      const far = radius * waves.reduce((sum, { often, high, turn }) => sum + high * Math.sin(often * angle + turn), 1);
      context.lineTo(Math.cos(angle) * far * 1.35, Math.sin(angle) * far * 0.75);
    }
    context.closePath();
    context.lineWidth = ratio * (contour % 3 === 0 ? 1.6 : 0.8);
    context.strokeStyle = contour % 3 === 0 ? palette['wall-edge'] : palette.wall;
    context.globalAlpha = 0.35 + 0.5 * (1 - contour / contours);
    context.stroke();
  }
  const dots = Math.min(players, DOTS_MAX);
  const spread = size * Math.min(0.4, 0.07 + 0.045 * Math.log2(1 + dots));
  const radius = Math.max(1.1 * ratio, size * Math.min(0.022, 0.09 / Math.sqrt(dots)));
  context.globalAlpha = 1;
  for (let dot = 0; dot < dots; dot += 1) {
    const far = spread * Math.sqrt((dot + 0.5) / dots);
    context.fillStyle = dot === 0 ? palette.own : palette.player;
    context.beginPath();
    context.arc(Math.cos(dot * GOLDEN) * far, Math.sin(dot * GOLDEN) * far, dot === 0 ? radius * 1.5 : radius, 0, 2 * Math.PI);
    context.fill();
  }
}
