// How long something still lasts, second by second.

import { clockOf } from '../../clock.js';
import { h, text } from '../../dom.js';

/** Seconds from which on it is marked as near. */
const NEAR_S = 10;

/**
 * An element that counts down as long as it is on the page.
 * @param {number} untilMs since 1970
 * @param {string} label what ends then
 */
export function countdown(untilMs, label) {
  const time = h('span', { class: 'number' });
  const element = h('span', { class: 'countdown', role: 'timer', 'aria-label': label }, time);
  const tick = () => {
    const left = untilMs - Date.now();
    text(time, clockOf(Math.ceil(left / 1_000)));
    element.classList.toggle('near', left < NEAR_S * 1_000);
  };
  tick();
  // It is put on the page after this, so the first beat finds it there.
  const beat = setInterval(() => (element.isConnected ? tick() : clearInterval(beat)), 250);
  return element;
}
