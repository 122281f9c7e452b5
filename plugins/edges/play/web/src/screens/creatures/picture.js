// Draws a creature as SVG. It looks to the right; the style sheet turns the other side's around.

import { looksOf } from './looks.js';

const NS = 'http://www.w3.org/2000/svg';

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(SVGElement | null | false)} children */
function s(tag, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NS, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, typeof value === 'number' ? String(Math.round(value * 10) / 10) : value);
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** Where the body stands in a picture of 120 by 100. */
const AT = { x: 52, y: 60 };

/** @typedef {(light: number, saturation?: number) => string} Tone */

/**
 * The picture of a creature; what it shows is said in words beside it, so screen readers pass it over.
 * @param {{ type: string, bias: Partial<import('../../state/points.js').Stats> }} type
 * @param {string} [name]
 * @returns {SVGElement}
 */
export function picture({ type, bias }, name) {
  const looks = looksOf(type, bias, name);
  /** @type {Tone} */
  const coat = (light, saturation = 52) => `hsl(${looks.hue} ${saturation}% ${light}%)`;
  /** @type {Tone} */
  const mark = (light, saturation = 48) => `hsl(${looks.markHue} ${saturation}% ${light}%)`;
  const { rx, ry } = looks.body;
  const head = { x: AT.x + rx * 0.92, y: AT.y - ry * 0.72 };
  return s(
    'svg',
    { viewBox: '0 0 120 100', class: 'picture', 'aria-hidden': 'true', focusable: 'false' },
    s('circle', { cx: 60, cy: 52, r: 47, fill: coat(20, 30) }),
    s('ellipse', { cx: AT.x + 6, cy: AT.y + ry + looks.legs, rx: rx + 14, ry: 4, fill: coat(11, 30) }),
    looks.hasMoon && moon(),
    looks.hasWings && wing(looks, mark, true),
    tail(looks, coat, mark),
    legs(looks, coat),
    s('ellipse', { cx: AT.x, cy: AT.y, rx, ry, fill: coat(52), stroke: coat(30), 'stroke-width': 2 }),
    s('ellipse', { cx: AT.x + rx * 0.2, cy: AT.y + ry * 0.55, rx: rx * 0.6, ry: ry * 0.36, fill: coat(68) }),
    s('g', { fill: coat(40) }, ...looks.spots.map(({ x, y, size }) => s('circle', { cx: AT.x + x * rx, cy: AT.y + y * ry - 3, r: size }))),
    looks.hasShell && shell(looks, mark),
    looks.spikes > 0 && spikes(looks, mark),
    looks.hasWings && wing(looks, mark, false),
    face(looks, head, coat, mark),
  );
}

/** @typedef {import('./looks.js').Looks} Looks */

function moon() {
  const star = (/** @type {number} */ x, /** @type {number} */ y) => s('path', { d: `M${x} ${y - 4}l1.2 2.8 2.8 1.2-2.8 1.2L${x} ${y + 4}l-1.2-2.8-2.8-1.2 2.8-1.2Z`, fill: '#fff3c9' });
  return s('g', {}, s('path', { d: 'M30 12a13 13 0 1 0 12 19a11 11 0 0 1-12-19Z', fill: '#fff3c9' }), star(60, 14), star(17, 46), star(98, 74));
}

/** @param {Looks} looks @param {Tone} mark @param {boolean} isBehind */
function wing({ body: { ry } }, mark, isBehind) {
  const [x, y] = isBehind ? [AT.x + 10, AT.y - ry * 0.4] : [AT.x - 2, AT.y - ry * 0.3];
  const d = `M${x} ${y}C${x - 8} ${y - 30} ${x - 26} ${y - 42} ${x - 42} ${y - 36}Q${x - 34} ${y - 30} ${x - 36} ${y - 22}Q${x - 26} ${y - 22} ${x - 27} ${y - 12}Q${x - 17} ${y - 12} ${x - 16} ${y - 2}Z`;
  return s('path', { d, fill: mark(isBehind ? 38 : 60), stroke: mark(28), 'stroke-width': 1.5, transform: isBehind ? `rotate(38 ${x} ${y})` : '' });
}

/** @param {Looks} looks @param {Tone} coat @param {Tone} mark */
function tail({ tail: kind, body: { rx } }, coat, mark) {
  const x = AT.x - rx + 3;
  if (kind === 'stub') return s('ellipse', { cx: x - 2, cy: AT.y + 2, rx: 7, ry: 4, fill: coat(44) });
  if (kind === 'whip') return s('path', { d: `M${x} ${AT.y}q-16 4 -16 -14q0 -8 6 -8`, fill: 'none', stroke: coat(44), 'stroke-width': 4, 'stroke-linecap': 'round' });
  return s(
    'g',
    {},
    s('path', { d: `M${x + 4} ${AT.y + 5}C${x - 24} ${AT.y + 14} ${x - 26} ${AT.y - 20} ${x - 10} ${AT.y - 34}C${x - 8} ${AT.y - 16} ${x + 4} ${AT.y - 12} ${x + 8} ${AT.y - 5}Z`, fill: coat(46), stroke: coat(30), 'stroke-width': 1.5 }),
    s('path', { d: `M${x - 17} ${AT.y - 21}Q${x - 16} ${AT.y - 28} ${x - 10} ${AT.y - 34}Q${x - 9} ${AT.y - 26} ${x - 6} ${AT.y - 21}Z`, fill: mark(82) }),
  );
}

/** @param {Looks} looks @param {Tone} coat */
function legs({ legs: length, body: { rx, ry } }, coat) {
  const wide = Math.max(4, 9 - length * 0.18);
  return s('g', { fill: coat(38) }, ...[-0.62, -0.3, 0.3, 0.62].map((at) => s('rect', { x: AT.x + at * rx - wide / 2, y: AT.y + ry * 0.5, width: wide, height: ry * 0.5 + length, rx: wide / 2 })));
}

/** @param {Looks} looks @param {Tone} mark */
function shell({ body: { rx, ry } }, mark) {
  const top = AT.y - ry - 12;
  const [left, right] = [AT.x - rx - 1, AT.x + rx - 4];
  return s(
    'g',
    { stroke: mark(24), 'stroke-width': 2 },
    s('path', { d: `M${left} ${AT.y + 4}C${left} ${top + 2} ${right} ${top - 4} ${right} ${AT.y + 4}Z`, fill: mark(46) }),
    s('path', { d: `M${AT.x - 14} ${AT.y - 14}l8 -8h10l7 8l-7 9h-11Z`, fill: mark(56) }),
    s('path', { d: `M${left + 3} ${AT.y - 4}l10 -10M${right - 3} ${AT.y - 4}l-11 -10M${AT.x - 7} ${AT.y - 5}l-3 8M${AT.x + 4} ${AT.y - 5}l3 8`, fill: 'none' }),
  );
}

/** @param {Looks} looks @param {Tone} mark */
function spikes({ spikes: count, body: { rx, ry } }, mark) {
  const points = Array.from({ length: count }, (_, index) => {
    const turn = Math.PI * (1.02 + (0.78 * index) / (count - 1));
    const [x, y] = [AT.x + Math.cos(turn) * (rx - 2), AT.y + Math.sin(turn) * (ry - 2)];
    const across = { x: -Math.sin(turn) * 4.5, y: Math.cos(turn) * 4.5 };
    return s('path', { d: `M${x + across.x} ${y + across.y}L${x + Math.cos(turn) * 15} ${y + Math.sin(turn) * 15}L${x - across.x} ${y - across.y}Z` });
  });
  return s('g', { fill: mark(55), stroke: mark(28), 'stroke-width': 1 }, ...points);
}

/** @param {Looks} looks @param {{ x: number, y: number }} at @param {Tone} coat @param {Tone} mark */
function face(looks, { x, y }, coat, mark) {
  const r = looks.head;
  return s(
    'g',
    {},
    ears(looks, { x, y }, coat, mark),
    s('circle', { cx: x, cy: y, r, fill: coat(56), stroke: coat(30), 'stroke-width': 2 }),
    looks.hasJaw
      ? s('path', { d: `M${x - 5} ${y + 4}h${r + 7}v5l-3 4l-3 -4l-3 4l-3 -4l-3 4l-3 -4l-3 4l-3 -4Z`, fill: '#fff', stroke: coat(24), 'stroke-width': 1.5 })
      : s('path', { d: `M${x + r * 0.35} ${y + r * 0.45}q${r * 0.3} ${r * 0.25} ${r * 0.55} 0`, fill: 'none', stroke: coat(22), 'stroke-width': 2, 'stroke-linecap': 'round' }),
    s('ellipse', { cx: x + r * 0.85, cy: y + r * 0.1, rx: 2.6, ry: 2, fill: coat(18) }),
    s('circle', { cx: x + r * 0.25, cy: y - r * 0.15, r: 4, fill: '#fff' }),
    s('circle', { cx: x + r * 0.25 + 1.2, cy: y - r * 0.15, r: 2.2, fill: '#14171c' }),
  );
}

/** @param {Looks} looks @param {{ x: number, y: number }} at @param {Tone} coat @param {Tone} mark */
function ears({ ears: kind, head: r }, { x, y }, coat, mark) {
  const line = { stroke: coat(30), 'stroke-width': 1.5 };
  if (kind === 'long') {
    const ear = (/** @type {number} */ at, /** @type {number} */ turn) => s('g', { transform: `rotate(${turn} ${x + at} ${y - r})` }, s('ellipse', { cx: x + at, cy: y - r - 12, rx: 5, ry: 17, fill: coat(56), ...line }), s('ellipse', { cx: x + at, cy: y - r - 11, rx: 2.2, ry: 12, fill: mark(78) }));
    return s('g', {}, ear(-5, -22), ear(3, 2));
  }
  if (kind === 'round') return s('g', { fill: coat(46), ...line }, s('circle', { cx: x - r * 0.6, cy: y - r * 0.75, r: 5 }), s('circle', { cx: x + r * 0.4, cy: y - r * 0.9, r: 5 }));
  const tips = kind === 'horns' ? [`M${x - r * 0.8} ${y - r * 0.5}q-3 -13 -12 -14q12 -4 18 7Z`, `M${x + r * 0.1} ${y - r * 0.95}q4 -11 14 -12q-7 6 -5 15Z`] : [`M${x - r * 0.95} ${y - r * 0.3}l-1 -19l13 9Z`, `M${x - r * 0.05} ${y - r * 0.95}l7 -15l5 17Z`];
  return s('g', { fill: kind === 'horns' ? '#efe6d0' : coat(46), ...line }, ...tips.map((d) => s('path', { d })));
}
