// Ways out: which one to make for, and how long it is open.

import { isExitOpen } from '../../state/match.js';
import { distance } from './angles.js';

/** @typedef {{ number: number, x: number, y: number, isOpen: boolean, far: number, untilTick: number }} Way `untilTick` is when it opens or closes */

/**
 * The nearest open exit; where none is open the one that opens next. Nothing once all are closed for good.
 * @param {import('../../state/match.js').Match} state
 * @param {{ x: number, y: number }} own
 * @param {number} tick
 * @returns {Way | undefined}
 */
export function bestExit(state, own, tick) {
  /** @type {Way | undefined} */
  let best;
  (state.match?.exits ?? []).forEach(({ x, y, opens_tick: opens, closes_tick: closes }, number) => {
    const isOpen = isExitOpen(state, number, tick);
    if (!isOpen && closes <= tick) return;
    const way = { number, x, y, isOpen, far: distance(own, { x, y }), untilTick: isOpen ? closes : opens };
    if (!best || isBetter(way, best)) best = way;
  });
  return best;
}

/** @param {Way} one @param {Way} other */
function isBetter(one, other) {
  if (one.isOpen !== other.isOpen) return one.isOpen;
  if (!one.isOpen && one.untilTick !== other.untilTick) return one.untilTick < other.untilTick;
  return one.far < other.far;
}
