// Two sticks for the thumbs: the left one walks, the right one aims and uses the weapon.

import { h } from '../../dom.js';

/** How far a thumb moves a stick, in CSS pixels. */
const REACH = 52;

/**
 * A stick. It tells how far it is pulled, from -1 to 1 each way, and 0 when it is let go.
 * @param {string} name for screen readers
 * @param {string} side
 * @param {(x: number, y: number) => void} pulled
 * @param {() => void} [touched]
 */
function stick(name, side, pulled, touched = () => {}) {
  const knob = h('i', {});
  const element = h('div', { class: `match-stick ${side}`, role: 'group', 'aria-label': name }, knob);
  let [fromX, fromY] = [0, 0];
  let pointer = -1;
  const pull = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    const far = Math.max(Math.hypot(dx, dy) / REACH, 1);
    const [x, y] = [dx / far, dy / far];
    knob.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    pulled(x / REACH, y / REACH);
  };
  element.addEventListener('pointerdown', (event) => {
    if (pointer >= 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    element.setPointerCapture(pointer);
    [fromX, fromY] = [event.clientX, event.clientY];
    pull(0, 0);
    touched();
  });
  element.addEventListener('pointermove', (event) => {
    if (event.pointerId === pointer) pull(event.clientX - fromX, event.clientY - fromY);
  });
  const end = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    pointer = -1;
    pull(0, 0);
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  return element;
}

/** @param {import('./pilot.js').Pilot} pilot @param {import('../../words.js').Words} words */
export const sticks = (pilot, words) => [
  stick(words.say('match-stick-walk'), 'walks', (x, y) => {
    pilot.walkStick.x = x;
    pilot.walkStick.y = y;
  }),
  // Touched, it strikes at whoever is nearest; pulled, where it is pulled.
  stick(
    words.say('match-stick-aim'),
    'aims',
    (x, y) => {
      pilot.aimStick.x = x;
      pilot.aimStick.y = y;
    },
    () => pilot.press(1),
  ),
];
