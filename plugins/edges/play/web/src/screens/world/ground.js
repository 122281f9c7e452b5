// The ground of a place: floors, walls and doors, by what kind of place it is.

import { Camera, METRE } from '../../draw/camera.js';
import { chance, seedOf } from '../../draw/random.js';

/** @typedef {import('../../draw/palette.js').Palette} Palette */
/** @typedef {import('../../../types/messages.js').Block} Block */
/** @typedef {import('../../../types/messages.js').RoomInfo} RoomInfo */
/** @typedef {import('../../../types/messages.js').DoorInfo} DoorInfo */
/** @typedef {CanvasRenderingContext2D} Pen */

/** Pixels of a metre of the floor's pattern, and metres after which that comes again. */
const FINE = 24;
const TILE = 12;

/** A camera for maps: north is up. */
export class NorthUp extends Camera {
  /** @override @param {number} y */
  toScreenY(y) {
    return (this.y - y) * this.scale + this.height / 2;
  }

  /** @override @param {number} x @param {number} y */
  toGround(x, y) {
    return { x: (x - this.width / 2) / this.scale + this.x, y: (this.height / 2 - y) / this.scale + this.y };
  }

  /** Whether any of a box is to be seen. @param {Block} block */
  seesBlock({ x_min: left, x_max: right, y_min: low, y_max: high }) {
    const [halfWidth, halfHeight] = [this.width / 2 / this.scale, this.height / 2 / this.scale];
    return left < this.x + halfWidth && right > this.x - halfWidth && low < this.y + halfHeight && high > this.y - halfHeight;
  }

  /** A box as pixels: left, top, width, height. @param {Block} block @returns {[number, number, number, number]} */
  boxOf({ x_min: left, x_max: right, y_min: low, y_max: high }) {
    return [this.toScreenX(left), this.toScreenY(high), (right - left) * this.scale, (high - low) * this.scale];
  }
}

/** See the head of this file. */
export class Ground {
  /** @type {RoomInfo[]} */
  rooms = [];
  /** @type {DoorInfo[]} */
  doors = [];
  /** @type {Block[]} */
  walls = [];
  /** What rooms are called in one's language, by their keys. @type {Record<string, string>} */
  names = {};
  /** How doors stand whose change was told, by their keys. @type {Record<string, string>} */
  stands = {};
  /** @type {CanvasPattern | null} */
  #floor = null;
  #made = '';
  /** Crowns of the trees along a wall. @type {WeakMap<Block, Path2D>} */
  #crowns = new WeakMap();
  theme = '';

  /** @param {Pen} pen @param {NorthUp} camera @param {Palette} palette */
  paint(pen, camera, palette) {
    pen.fillStyle = palette.fog;
    pen.fillRect(0, 0, camera.width, camera.height);
    this.#paintFloors(pen, camera, palette);
    const walls = this.walls.filter((wall) => camera.seesBlock(wall));
    this.#paintWalls(pen, camera, palette, walls);
    for (const door of this.doors) if (camera.seesBlock(door.block)) this.#paintDoor(pen, camera, palette, door);
  }

  /** @param {Pen} pen @param {NorthUp} camera @param {Palette} palette */
  #paintFloors(pen, camera, palette) {
    const wanted = `${this.theme}|${palette.ground}|${palette['ground-line']}`;
    if (this.#made !== wanted) {
      this.#floor = pen.createPattern(floorOf(this.theme, palette), 'repeat');
      this.#made = wanted;
    }
    const scale = (camera.scale * METRE) / FINE;
    this.#floor?.setTransform(new DOMMatrix([scale, 0, 0, scale, camera.toScreenX(0), camera.toScreenY(0)]));
    for (const room of this.rooms) {
      if (!camera.seesBlock(room.area)) continue;
      const box = camera.boxOf(room.area);
      pen.fillStyle = palette.ground;
      pen.fillRect(...box);
      if (this.#floor) pen.fillStyle = this.#floor;
      pen.fillRect(...box);
      // Each room has a light of its own.
      pen.fillStyle = [palette.accent, palette.player, palette.exit, palette.storm, palette.container][seedOf(room.key) % 5];
      pen.globalAlpha = 0.05;
      pen.fillRect(...box);
      pen.globalAlpha = 1;
    }
  }

  /** @param {Pen} pen @param {NorthUp} camera @param {Palette} palette @param {Block[]} walls */
  #paintWalls(pen, camera, palette, walls) {
    const isWild = this.theme === 'wilderness';
    const high = 0.3 * METRE * camera.scale;
    pen.fillStyle = palette.fog;
    pen.globalAlpha = 0.4;
    for (const wall of walls) {
      const [x, y, width, height] = camera.boxOf(wall);
      pen.fillRect(x + high / 3, y + high, width, height);
    }
    pen.globalAlpha = 1;
    pen.fillStyle = palette.wall;
    for (const wall of walls) pen.fillRect(...camera.boxOf(wall));
    pen.strokeStyle = palette['wall-edge'];
    if (!isWild) {
      pen.lineWidth = Math.max(1, 0.1 * METRE * camera.scale);
      pen.beginPath();
      for (const wall of walls) {
        const [x, y, width] = camera.boxOf(wall);
        pen.moveTo(x, y);
        pen.lineTo(x + width, y);
      }
      pen.stroke();
      return;
    }
    pen.save();
    pen.transform(camera.scale, 0, 0, -camera.scale, camera.toScreenX(0), camera.toScreenY(0));
    pen.lineWidth = 0.12 * METRE;
    for (const wall of walls) {
      const crowns = this.#crowns.get(wall) ?? crownsOf(wall);
      this.#crowns.set(wall, crowns);
      pen.fill(crowns);
      pen.stroke(crowns);
    }
    pen.restore();
  }

  /** @param {Pen} pen @param {NorthUp} camera @param {Palette} palette @param {DoorInfo} door */
  #paintDoor(pen, camera, palette, { key, block, is_open: isOpen }) {
    if (key === '') {
      if (isOpen) return;
      pen.fillStyle = palette.wall;
      return pen.fillRect(...camera.boxOf(block));
    }
    const [x, y, width, height] = camera.boxOf(block);
    const isWide = width > height;
    const thick = Math.min(width, height);
    pen.fillStyle = palette.door;
    pen.strokeStyle = palette.fog;
    pen.lineWidth = Math.max(1, thick * 0.12);
    if (isOpen) {
      // The leaves stand aside.
      const leaf = Math.max(2, thick * 0.22);
      const along = Math.min(thick * 1.4, Math.max(width, height) / 2);
      if (isWide) for (const side of [x, x + width - leaf]) pen.fillRect(side, y + (height - along) / 2, leaf, along);
      else for (const side of [y, y + height - leaf]) pen.fillRect(x + (width - along) / 2, side, along, leaf);
      return;
    }
    pen.fillRect(x, y, width, height);
    pen.beginPath();
    const planks = Math.max(2, Math.round(Math.max(width, height) / (0.4 * METRE * camera.scale)));
    for (let at = 1; at < planks; at += 1) {
      const share = at / planks;
      pen.moveTo(isWide ? x + width * share : x, isWide ? y : y + height * share);
      pen.lineTo(isWide ? x + width * share : x + width, isWide ? y + height : y + height * share);
    }
    pen.stroke();
    if (this.stands[key] === 'locked') paintLock(pen, x + width / 2, y + height / 2, Math.max(5, thick * 0.4), palette);
  }

  /** Names of rooms on their floors. @param {Pen} pen @param {NorthUp} camera @param {Palette} palette @param {number} ratio */
  paintNames(pen, camera, palette, ratio) {
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = palette.muted;
    for (const { key, name: first, area } of this.rooms) {
      if (!camera.seesBlock(area)) continue;
      const name = this.names[key] ?? first;
      const [x, y, width, height] = camera.boxOf(area);
      const size = Math.min(15 * ratio, (width / Math.max(name.length, 8)) * 1.5);
      if (size < 7 * ratio) continue;
      pen.font = `600 ${size}px ${FONT}`;
      pen.globalAlpha = 0.75;
      pen.fillText(name, x + width / 2, y + Math.min(height / 2, size * 1.4));
      pen.globalAlpha = 1;
    }
  }
}

export const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/** @param {Pen} pen @param {number} x @param {number} y @param {number} size @param {Palette} palette */
function paintLock(pen, x, y, size, palette) {
  pen.strokeStyle = palette.text;
  pen.fillStyle = palette.text;
  pen.lineWidth = size * 0.3;
  pen.beginPath();
  pen.arc(x, y - size * 0.25, size * 0.5, Math.PI, 0);
  pen.stroke();
  pen.fillRect(x - size * 0.75, y - size * 0.25, size * 1.5, size * 1.1);
}

/** Crowns of trees along the sides of a wall, in subunits. @param {Block} block */
function crownsOf({ x_min: left, x_max: right, y_min: low, y_max: high }) {
  const next = chance(seedOf(`${left},${low},${right},${high}`));
  const path = new Path2D();
  const crown = (/** @type {number} */ x, /** @type {number} */ y) => {
    const radius = METRE * (0.45 + next() * 0.5);
    const [atX, atY] = [x + (next() - 0.5) * METRE * 0.5, y + (next() - 0.5) * METRE * 0.5];
    path.moveTo(atX + radius, atY);
    path.arc(atX, atY, radius, 0, 2 * Math.PI);
  };
  const step = METRE * 1.1;
  const inset = METRE * 0.6;
  for (let x = left + inset; x <= right - inset; x += step) for (const y of [low + inset, high - inset]) crown(x, y);
  for (let y = low + inset; y <= high - inset; y += step) for (const x of [left + inset, right - inset]) crown(x, y);
  return path;
}

/** A piece of the floor: cobbles in a town, grass in the open, flagstones below. @param {string} theme @param {Palette} palette */
function floorOf(theme, palette) {
  const side = FINE * TILE;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext('2d');
  if (!pen) return canvas;
  const next = chance(seedOf(theme));
  pen.fillStyle = palette['ground-line'];
  pen.strokeStyle = palette['ground-line'];
  pen.lineCap = 'round';
  if (theme === 'wilderness') {
    pen.lineWidth = 1.5;
    for (let tuft = 0; tuft < 220; tuft += 1) {
      const [x, y] = [next() * side, next() * side];
      pen.beginPath();
      if (tuft % 9 === 0) {
        // A stone lies there, and no grass.
        pen.arc(x, y, 1 + next() * 3, 0, 2 * Math.PI);
        pen.fill();
        continue;
      }
      for (const lean of [-4, 0, 4]) {
        pen.moveTo(x, y);
        pen.lineTo(x + lean * next(), y - 2 - next() * 6);
      }
      pen.stroke();
    }
    return canvas;
  }
  const isTown = theme === 'town';
  const size = isTown ? side / 24 : side / 8;
  for (let row = 0; row * size < side; row += 1) {
    for (let column = -1; column * size < side; column += 1) {
      const gap = 1 + next();
      pen.globalAlpha = 0.35 + next() * 0.65;
      pen.beginPath();
      pen.roundRect(column * size + (row % 2) * (size / 2) + gap, row * size + gap, size - 2 * gap, size - 2 * gap, isTown ? size / 3 : 2);
      if (isTown) pen.fill();
      else pen.stroke();
    }
  }
  return canvas;
}
