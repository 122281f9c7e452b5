// The picture of the gate: the plan of a hypogeum, halls around halls, drawn anew for each window and theme.

import { readPalette } from '../../draw/palette.js';
import { chance, seedOf } from '../../draw/random.js';

/** Rings of halls around the middle. */
const RINGS = 7;

/** @param {HTMLCanvasElement} canvas @param {import('../../app.js').AppStore} store @returns {() => void} what ends it */
export function showHalls(canvas, store) {
  const paint = () => drawHalls(canvas);
  const watched = new ResizeObserver(paint);
  watched.observe(canvas);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', paint);
  const end = store.watch(({ settings }) => settings, () => requestAnimationFrame(paint));
  return () => {
    watched.disconnect();
    scheme.removeEventListener('change', paint);
    end();
  };
}

/** @param {HTMLCanvasElement} canvas */
function drawHalls(canvas) {
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
  const context = canvas.getContext('2d');
  if (!context || !width || !height) return;
  Object.assign(canvas, { width, height });
  const { ground, wall, 'wall-edge': edge, own } = readPalette();
  const random = chance(seedOf('hypogeum'));
  const [x, y] = [width * 0.5, height * 0.56];
  const step = Math.hypot(width, height) / 2 / (RINGS + 0.6);
  context.lineCap = 'round';
  for (let ring = RINGS; ring >= 1; ring -= 1) {
    const radius = ring * step;
    const halls = 4 + ring * 3;
    const first = random() * 2 * Math.PI;
    for (let hall = 0; hall < halls; hall += 1) {
      const from = first + (hall / halls) * 2 * Math.PI;
      const to = from + ((0.5 + random() * 0.36) / halls) * 2 * Math.PI;
      const depth = step * (0.3 + random() * 0.35);
      context.beginPath();
      context.arc(x, y, radius + depth / 2, from, to);
      context.arc(x, y, radius - depth / 2, to, from, true);
      context.closePath();
      context.globalAlpha = 0.9 - ring * 0.09;
      context.fillStyle = ground;
      context.fill();
      context.lineWidth = ratio;
      context.strokeStyle = random() < 0.2 ? edge : wall;
      context.stroke();
      // A corridor inwards, from some halls.
      if (random() < 0.55) line(context, [x, y], (from + to) / 2, radius - depth / 2, radius - step * 0.6);
      // A light in few of them.
      if (random() < 0.09) light(context, x + Math.cos((from + to) / 2) * radius, y + Math.sin((from + to) / 2) * radius, step * 0.5, own);
    }
  }
  context.globalAlpha = 1;
  light(context, x, y, step * 1.1, own);
}

/** @param {CanvasRenderingContext2D} context @param {number[]} middle @param {number} angle @param {number} from @param {number} to */
function line(context, [x, y], angle, from, to) {
  context.beginPath();
  context.moveTo(x + Math.cos(angle) * from, y + Math.sin(angle) * from);
  context.lineTo(x + Math.cos(angle) * to, y + Math.sin(angle) * to);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius @param {string} colour */
function light(context, x, y, radius, colour) {
  const glow = context.createRadialGradient(x, y, 0, x, y, radius);
  glow.addColorStop(0, colour);
  glow.addColorStop(0.12, `${colour}66`);
  glow.addColorStop(1, `${colour}00`);
  context.fillStyle = glow;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
