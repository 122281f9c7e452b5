// Tells whether several parts of the state are still the same ones.

/** @type {WeakMap<object, number>} */
const numbers = new WeakMap();
let last = 0;

/** @param {unknown} of */
function numberOf(of) {
  if (typeof of !== 'object' || of === null) return String(of);
  if (!numbers.has(of)) numbers.set(of, (last += 1));
  return `#${numbers.get(of)}`;
}

/** Words that are the same as long as each of these is the very same thing: to be selected by a watch. @param {...unknown} of */
export const sameness = (...of) => of.map(numberOf).join();
