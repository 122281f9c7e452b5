// What things look like, drawn around the origin, looking along +x. The same key always looks the same.

/**
 * @typedef {OffscreenCanvasRenderingContext2D} Pen
 * @typedef {import('./palette.js').Palette} Palette
 * @typedef {(pen: Pen, radius: number, palette: Palette, random: () => number) => void} Shape
 */

const FULL = 2 * Math.PI;

/** @param {Pen} pen @param {number} x @param {number} y @param {number} radius */
function disc(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, FULL);
  pen.fill();
}

/** @param {Pen} pen @param {number[]} points x and y by turns */
function outline(pen, points) {
  pen.beginPath();
  pen.moveTo(points[0], points[1]);
  for (let at = 2; at < points.length; at += 2) pen.lineTo(points[at], points[at + 1]);
  pen.closePath();
}

/** Fills with a colour, and draws a dark edge, so that it stands out from any ground. @param {Pen} pen @param {string} colour @param {Palette} palette @param {number} width */
function body(pen, colour, palette, width) {
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.strokeStyle = palette.fog;
  pen.stroke();
}

/** A shade over what was drawn last. @param {Pen} pen @param {Palette} palette @param {number} strength */
function shade(pen, palette, strength) {
  pen.globalAlpha = strength;
  pen.fillStyle = palette.fog;
  pen.fill();
  pen.globalAlpha = 1;
}

/** Somebody from above: shoulders, a hood, a blade in the hand. @param {'own' | 'player'} colour @returns {Shape} */
export const person = (colour) => (pen, r, palette) => {
  const edge = Math.max(1, r * 0.13);
  outline(pen, [r * 0.3, r * 0.62, r * 1.5, r * 0.56, r * 1.62, r * 0.68, r * 1.5, r * 0.8, r * 0.3, r * 0.84]);
  body(pen, palette.text, palette, edge * 0.8);
  pen.beginPath();
  pen.ellipse(-r * 0.06, 0, r * 0.6, r, 0, 0, FULL);
  body(pen, palette[colour], palette, edge);
  pen.beginPath();
  pen.ellipse(-r * 0.28, 0, r * 0.36, r * 0.92, 0, 0, FULL);
  shade(pen, palette, 0.3);
  pen.beginPath();
  pen.arc(r * 0.1, 0, r * 0.5, 0, FULL);
  body(pen, palette[colour], palette, edge);
  outline(pen, [r * 0.62, 0, r * 0.16, -r * 0.3, r * 0.28, 0, r * 0.16, r * 0.3]);
  pen.fillStyle = palette.fog;
  pen.fill();
};

/** A machine of the match: three builds, with as many spikes, eyes and as long a tail as its key makes it. @type {Shape} */
export const machine = (pen, r, palette, random) => {
  const build = Math.floor(random() * 3);
  const edge = Math.max(1, r * 0.13);
  if (build === 0) beast(pen, r, palette, random, edge);
  else if (build === 1) spiked(pen, r, palette, random, edge);
  else hooded(pen, r, palette, random, edge);
};

/** @param {Pen} pen @param {number} r @param {Palette} palette @param {() => number} random @param {number} edge */
function beast(pen, r, palette, random, edge) {
  const long = 1.05 + random() * 0.25;
  pen.lineWidth = r * 0.2;
  pen.lineCap = 'round';
  pen.strokeStyle = palette.foe;
  pen.beginPath();
  pen.moveTo(-r * 0.8, 0);
  pen.quadraticCurveTo(-r * 1.3, r * (random() - 0.5), -r * (1.3 + random() * 0.4), r * 0.3);
  pen.stroke();
  pen.beginPath();
  pen.ellipse(-r * 0.15, 0, r * long * 0.85, r * 0.62, 0, 0, FULL);
  body(pen, palette.foe, palette, edge);
  for (const side of [-1, 1]) {
    outline(pen, [r * 0.35, side * r * 0.3, r * 0.15, side * r * 0.85, r * 0.65, side * r * 0.45]);
    body(pen, palette.foe, palette, edge);
  }
  outline(pen, [r * 0.2, -r * 0.5, r * 0.95, -r * 0.24, r * 1.2, 0, r * 0.95, r * 0.24, r * 0.2, r * 0.5]);
  body(pen, palette.foe, palette, edge);
  eyes(pen, r * 0.62, r * 0.22, r * 0.12, palette);
}

/** @param {Pen} pen @param {number} r @param {Palette} palette @param {() => number} random @param {number} edge */
function spiked(pen, r, palette, random, edge) {
  const spikes = 6 + Math.floor(random() * 5);
  const depth = 0.7 + random() * 0.12;
  const points = [];
  for (let at = 0; at < spikes * 2; at += 1) {
    const far = at % 2 ? r * depth : r * 1.12;
    points.push(Math.cos((at * Math.PI) / spikes) * far, Math.sin((at * Math.PI) / spikes) * far);
  }
  outline(pen, points);
  body(pen, palette.foe, palette, edge);
  pen.beginPath();
  pen.arc(0, 0, r * 0.58, 0, FULL);
  shade(pen, palette, 0.35);
  outline(pen, [r * 1.25, 0, r * 0.45, -r * 0.4, r * 0.45, r * 0.4]);
  body(pen, palette.foe, palette, edge);
  eyes(pen, r * 0.36, r * 0.24, r * 0.14, palette);
}

/** @param {Pen} pen @param {number} r @param {Palette} palette @param {() => number} random @param {number} edge */
function hooded(pen, r, palette, random, edge) {
  const wide = 0.8 + random() * 0.25;
  outline(pen, [r * 0.2, r * 0.6, r * 1.45, r * 0.5, r * 1.6, r * 0.62, r * 1.45, r * 0.74, r * 0.2, r * 0.8]);
  body(pen, palette.muted, palette, edge * 0.8);
  outline(pen, [r * 0.95, 0, r * 0.2, -r * wide, -r * 0.75, -r * 0.7, -r * 0.95, 0, -r * 0.75, r * 0.7, r * 0.2, r * wide]);
  body(pen, palette.foe, palette, edge);
  pen.beginPath();
  pen.ellipse(r * 0.2, 0, r * 0.42, r * 0.46, 0, 0, FULL);
  shade(pen, palette, 0.55);
  eyes(pen, r * 0.4, r * 0.18, r * 0.12, palette);
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} r @param {Palette} palette */
function eyes(pen, x, y, r, palette) {
  pen.fillStyle = palette.projectile;
  disc(pen, x, -y, r);
  disc(pen, x, y, r);
}

/** Points of the signs of items by their kinds, in tenths of the radius. @type {Record<string, number[]>} */
const SIGNS = {
  weapon: [-5, 6, -6, 5, 3, -5, 6, -6, 5, -3, -4, 5],
  armour: [0, -7, 6, -4, 5, 2, 0, 7, -5, 2, -6, -4],
  consumable: [-2, -7, 2, -7, 2, -3, 5, 3, 4, 7, -4, 7, -5, 3, -2, -3],
  valuable: [0, -6, 6, -1, 0, 7, -6, -1],
  trinket: [0, -6, 5, -3, 5, 3, 0, 6, -5, 3, -5, -3],
};

/** A thing on the ground, by what kind of thing it is. @param {string} kind @returns {Shape} */
export const item = (kind) => (pen, r, palette) => {
  pen.beginPath();
  pen.arc(0, 0, r, 0, FULL);
  pen.globalAlpha = 0.6;
  pen.fillStyle = palette.fog;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = Math.max(1, r * 0.14);
  pen.strokeStyle = palette.item;
  pen.stroke();
  outline(pen, (SIGNS[kind] ?? SIGNS.valuable).map((part) => (part * r) / 11));
  pen.fillStyle = palette.item;
  pen.fill();
};

/** A chest. @type {Shape} */
export const container = (pen, r, palette) => {
  const edge = Math.max(1, r * 0.12);
  outline(pen, [-r, -r * 0.7, r, -r * 0.7, r, r * 0.75, -r, r * 0.75]);
  body(pen, palette.container, palette, edge);
  outline(pen, [-r, -r * 0.05, r, -r * 0.05, r, r * 0.75, -r, r * 0.75]);
  shade(pen, palette, 0.35);
  pen.fillStyle = palette.item;
  pen.fillRect(-r * 0.16, -r * 0.22, r * 0.32, r * 0.42);
};

/** Something that flies, with what it leaves behind it. @type {Shape} */
export const projectile = (pen, r, palette) => {
  outline(pen, [-r * 2.6, 0, 0, -r * 0.42, 0, r * 0.42]);
  pen.globalAlpha = 0.45;
  pen.fillStyle = palette.projectile;
  pen.fill();
  pen.globalAlpha = 1;
  outline(pen, [r, 0, -r * 0.2, -r * 0.5, -r * 0.45, 0, -r * 0.2, r * 0.5]);
  body(pen, palette.projectile, palette, Math.max(1, r * 0.18));
};

/** What grows and lies on the ground, so that one sees oneself walk. @type {Shape} */
export const litter = (pen, r, palette, random) => {
  pen.globalAlpha = 0.5;
  if (random() < 0.5) {
    pen.strokeStyle = palette.wall;
    pen.lineWidth = Math.max(1, r * 0.12);
    for (let blade = 0; blade < 4; blade += 1) {
      const at = (random() - 0.5) * r;
      pen.beginPath();
      pen.moveTo(at, r * 0.5);
      pen.quadraticCurveTo(at, -r * 0.1, at + (random() - 0.5) * r, -r * (0.3 + random() * 0.4));
      pen.stroke();
    }
    return;
  }
  pen.fillStyle = palette.wall;
  const stones = 2 + Math.floor(random() * 3);
  for (let stone = 0; stone < stones; stone += 1) disc(pen, (random() - 0.5) * r * 1.4, (random() - 0.5) * r, r * (0.1 + random() * 0.16));
};
