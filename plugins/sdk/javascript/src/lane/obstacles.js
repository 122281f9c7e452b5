/**
 * What stands in the way of a body: boxes, found by cell. A body is a circle, but against boxes it counts as the square around
 * it. All answers are those of the server, in whole numbers.
 *
 * @typedef {import('./types.js').Block} Block
 * @typedef {import('./types.js').Position} Position
 */

/** Longest side of a map in subunits: 4,096 m. */
const SIDE_MAX = 4_096 * 256;
/** Longest stretch of a slide taken at once, so that a fast body cuts no corner. */
const SLIDE_STEP = 128;
/** Stretches of one slide at most. */
const STRETCHES_MAX = 64;
/** Side of a cell in subunits: 8 m. */
const CELL = 2_048;
/** Boxes in more cells than this are looked at each time instead: no map makes the index grow beyond so many for each box. */
const CELLS_A_BLOCK_MAX = 64;

/** The map's side and its boxes. */
export class Obstacles {
  #side;
  #blocks;
  /** Boxes by the cells they touch. @type {Map<number, Block[]>} */
  #cells = new Map();
  /** Boxes that touch too many cells. @type {Block[]} */
  #wide = [];

  /**
   * @param {number} side Side of the square map: 0 to 4,096 m in subunits, else the nearest.
   * @param {readonly Block[]} blocks
   */
  constructor(side, blocks) {
    this.#side = Math.min(Math.max(side | 0, 0), SIDE_MAX);
    this.#blocks = [...blocks];
    for (const block of this.#blocks) {
      if (cellCount(block) > CELLS_A_BLOCK_MAX) {
        this.#wide.push(block);
        continue;
      }
      visitCells(block, (cell) => {
        const there = this.#cells.get(cell);
        if (there === undefined) this.#cells.set(cell, [block]);
        else there.push(block);
      });
    }
  }

  /**
   * Where a body ends up that wants to go `(dx, dy)` further: it stops at boxes and at the map's edge, and slides along them. One
   * that stands in a box may leave it.
   *
   * @param {Position} from
   * @param {number} dx
   * @param {number} dy
   * @param {number} radius
   * @returns {Position}
   */
  slide(from, dx, dy, radius) {
    const [xLow, xHigh] = this.#reach(from.x, dx, radius);
    const [yLow, yHigh] = this.#reach(from.y, dy, radius);
    const near = this.#near({ x_min: xLow, y_min: yLow, x_max: xHigh, y_max: yHigh }, radius);
    const isOnMap = this.#onMap(from.x, radius) === from.x && this.#onMap(from.y, radius) === from.y;
    if (near.length === 0 && isOnMap) {
      return { x: this.#onMap(from.x + dx, radius), y: this.#onMap(from.y + dy, radius) };
    }
    const stretches = Math.min(Math.floor(Math.max(Math.abs(dx), Math.abs(dy)) / SLIDE_STEP) + 1, STRETCHES_MAX);
    let { x, y } = from;
    let [xGone, yGone] = [0, 0];
    for (let stretch = 1; stretch <= stretches; stretch += 1) {
      const xPart = Math.trunc((dx * stretch) / stretches);
      const yPart = Math.trunc((dy * stretch) / stretches);
      x = this.#slideAlongX(x, y, xPart - xGone, radius, near);
      y = this.#slideAlongY(x, y, yPart - yGone, radius, near);
      [xGone, yGone] = [xPart, yPart];
    }
    return { x, y };
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} dx
   * @param {number} radius
   * @param {readonly Block[]} near
   */
  #slideAlongX(x, y, dx, radius, near) {
    let to = this.#onMap(saturated(x + dx), radius);
    for (const block of near) {
      const isBeside = block.y_min - radius < y && y < block.y_max + radius;
      if (isBeside) to = stop(x, to, block.x_min - radius, block.x_max + radius);
    }
    return to;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} dy
   * @param {number} radius
   * @param {readonly Block[]} near
   */
  #slideAlongY(x, y, dy, radius, near) {
    let to = this.#onMap(saturated(y + dy), radius);
    for (const block of near) {
      const isBeside = block.x_min - radius < x && x < block.x_max + radius;
      if (isBeside) to = stop(y, to, block.y_min - radius, block.y_max + radius);
    }
    return to;
  }

  /**
   * Between which coordinates a slide along one axis stays: from where it begins, or the map's edge if that is off the map, as
   * far as it may go.
   *
   * @param {number} from
   * @param {number} by
   * @param {number} radius
   * @returns {[number, number]}
   */
  #reach(from, by, radius) {
    const to = saturated(from + by);
    const places = [from, to, this.#onMap(from, radius), this.#onMap(to, radius)];
    return [Math.min(...places) + Math.min(by, 0), Math.max(...places) + Math.max(by, 0)];
  }

  /**
   * The boxes that a body of this radius may touch within an area; some of them more than once.
   *
   * @param {Block} area
   * @param {number} radius
   * @returns {Block[]}
   */
  #near(area, radius) {
    const wanted = {
      x_min: area.x_min - radius,
      y_min: area.y_min - radius,
      x_max: area.x_max + radius,
      y_max: area.y_max + radius,
    };
    if (cellCount(wanted) > CELLS_A_BLOCK_MAX) return this.#blocks.filter((block) => touch(block, wanted));
    const found = this.#wide.filter((block) => touch(block, wanted));
    visitCells(wanted, (cell) => {
      for (const block of this.#cells.get(cell) ?? []) {
        if (touch(block, wanted)) found.push(block);
      }
    });
    return found;
  }

  /**
   * @param {number} coordinate
   * @param {number} radius
   */
  #onMap(coordinate, radius) {
    return Math.max(Math.min(coordinate, this.#side - radius), radius);
  }
}

/**
 * How far one gets from one place toward another when something is in the way from `min` to `max`; who stands inside may leave.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} min
 * @param {number} max
 */
function stop(from, to, min, max) {
  if (from <= min && min < to) return min;
  if (to < max && max <= from) return max;
  return to;
}

/**
 * @param {Block} one
 * @param {Block} other
 */
function touch(one, other) {
  return (
    one.x_min <= other.x_max && other.x_min <= one.x_max && one.y_min <= other.y_max && other.y_min <= one.y_max
  );
}

/** @param {number} coordinate */
function cellOf(coordinate) {
  return Math.floor(coordinate / CELL);
}

/** @param {Block} block */
function cellCount(block) {
  const across = cellOf(block.x_max) - cellOf(block.x_min) + 1;
  const up = cellOf(block.y_max) - cellOf(block.y_min) + 1;
  return Math.max(across, 0) * Math.max(up, 0);
}

/**
 * @param {Block} block
 * @param {(cell: number) => void} visit
 */
function visitCells(block, visit) {
  for (let row = cellOf(block.y_min); row <= cellOf(block.y_max); row += 1) {
    for (let column = cellOf(block.x_min); column <= cellOf(block.x_max); column += 1) {
      // Both are far below 2^22, so no two cells have the same number.
      visit(row * 4_194_304 + column);
    }
  }
}

/**
 * A sum as a 32-bit number; beyond those it is the nearest.
 *
 * @param {number} sum
 */
function saturated(sum) {
  return Math.min(Math.max(sum, -0x8000_0000), 0x7fff_ffff);
}
