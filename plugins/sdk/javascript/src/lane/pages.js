import { slots } from './bytes.js';
import { KINDS, contains } from './down.js';

/** Pages held at most: 32,768 things, several times what the densest crowd comes to. A server that sends more is not believed. */
export const PAGES_MAX = 512;

const PAGE_SLOTS = 64;
/** Side of a cell in subunits: 32 m. */
const CELL = 8_192;
/** How far out of its cell a thing is still counted to it. */
const CELL_MARGIN = 512;
/** Subunits in a step of a place within a cell. */
const STEP = 9;

/**
 * @typedef {import('./down.js').PageBlock} PageBlock
 * @typedef {import('./types.js').Entity} Entity
 *
 * @typedef {object} Page A page as it is known.
 * @property {number} row
 * @property {number} column
 * @property {number} number The datagram it is as of.
 * @property {import('./bytes.js').Mask} present Slots that hold something this client may see.
 * @property {import('./bytes.js').Mask} introduced Slots whose facet was told ever.
 * @property {Uint32Array} ids
 * @property {Uint8Array} kinds
 * @property {Uint16Array} templates
 * @property {Uint32Array} motions
 *
 * @typedef {object} Applied What a page adds to the datagram's check, and whether something is in it that nobody introduced.
 * @property {number} check
 * @property {boolean} hasStranger
 */

/** What a client knows of the cells around its avatar. */
export class Pages {
  /** @type {Map<number, Page>} */
  #held = new Map();

  /**
   * Takes a page of the datagram of this number.
   *
   * @param {PageBlock} block
   * @param {number} number
   * @returns {Applied | null} `null` where a newer datagram has told it already, or there is no room for another one.
   */
  apply(block, number) {
    const name = (block.row << 16) | (block.column << 8) | block.page;
    let page = this.#held.get(name);
    if (page === undefined) {
      if (this.#held.size >= PAGES_MAX) return null;
      page = emptyPage(block.row, block.column);
      this.#held.set(name, page);
    } else if (page.number > number) {
      return null;
    }
    page.number = number;
    for (let index = 0; index < block.cameSlots.length; index += 1) {
      const slot = block.cameSlots[index];
      page.ids[slot] = block.ids[index];
      page.kinds[slot] = block.kinds[index];
      page.templates[slot] = block.templates[index];
    }
    for (let index = 0; index < block.toldSlots.length; index += 1) {
      page.motions[block.toldSlots[index]] = block.motions[index];
    }
    page.present = block.present;
    page.introduced = { low: page.introduced.low | block.came.low, high: page.introduced.high | block.came.high };
    const { present, introduced } = page;
    const hasStranger = ((present.low & ~introduced.low) | (present.high & ~introduced.high)) !== 0;
    return { check: pageCheck(name, page), hasStranger };
  }

  /**
   * Forgets what is outside.
   *
   * @param {import('./down.js').CellBox} interest
   */
  forgetOutside(interest) {
    for (const [name, page] of this.#held) {
      if (!contains(interest, page.row, page.column)) this.#held.delete(name);
    }
  }

  clear() {
    this.#held.clear();
  }

  get count() {
    return this.#held.size;
  }

  /**
   * Everything in them, by name. What walked from one cell to another may still stand in the old one where that was told
   * longer ago: then it is where it was told last.
   *
   * @returns {Entity[]}
   */
  entities() {
    /** @type {Map<number, { number: number, page: Page, slot: number }>} */
    const newest = new Map();
    for (const page of this.#held.values()) {
      const { present, introduced, number } = page;
      for (const slot of slots({ low: present.low & introduced.low, high: present.high & introduced.high })) {
        const known = newest.get(page.ids[slot]);
        if (known === undefined || known.number < number) newest.set(page.ids[slot], { number, page, slot });
      }
    }
    const entities = [...newest.values()].map(({ page, slot }) => entityAt(page, slot));
    return entities.sort((one, other) => one.id - other.id);
  }
}

/**
 * @param {number} row
 * @param {number} column
 * @returns {Page}
 */
function emptyPage(row, column) {
  return {
    row,
    column,
    number: 0,
    present: { low: 0, high: 0 },
    introduced: { low: 0, high: 0 },
    ids: new Uint32Array(PAGE_SLOTS),
    kinds: new Uint8Array(PAGE_SLOTS),
    templates: new Uint16Array(PAGE_SLOTS),
    motions: new Uint32Array(PAGE_SLOTS),
  };
}

/**
 * What a thing's 32 bits of motion say: place in steps, heading, health.
 *
 * @param {Page} page
 * @param {number} slot
 * @returns {Entity}
 */
function entityAt(page, slot) {
  const motion = page.motions[slot];
  return {
    id: page.ids[slot],
    kind: KINDS[page.kinds[slot]],
    template: page.templates[slot],
    x: page.column * CELL + fine(motion & 1_023),
    y: page.row * CELL + fine((motion >>> 10) & 1_023),
    heading: (motion >>> 20) & 255,
    hp_band: motion >>> 28,
    extent: 0,
  };
}

/**
 * The middle of a step, in subunits from the cell's corner.
 *
 * @param {number} steps
 */
function fine(steps) {
  return steps * STEP + 4 - CELL_MARGIN;
}

/**
 * What a datagram's check adds up for one page.
 *
 * @param {number} name
 * @param {Page} page
 */
function pageCheck(name, page) {
  let sum = Math.imul(name, 0x9e37_79b1);
  for (const slot of slots(page.present)) {
    const motion = page.motions[slot];
    const by = slot & 31;
    const rotated = by === 0 ? motion : (motion << by) | (motion >>> (32 - by));
    const mixed = Math.imul(page.ids[slot], 0x85eb_ca77) ^ rotated;
    sum = (sum + Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d)) | 0;
  }
  return sum;
}
