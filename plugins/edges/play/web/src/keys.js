// Keys that are held down, by what they do. Keys pressed while somebody types are theirs.

/** @typedef {keyof typeof import('./state/settings.js').KEYS} Action */

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio],[type=range]), textarea, select'));

/**
 * Follows the keys.
 * @param {() => Record<string, string>} bound `KeyboardEvent.code` by action
 * @param {{ pressed?: (action: Action, event: KeyboardEvent) => void, released?: (action: Action) => void }} listener told of each press, not of repeats
 * @returns {{ held: ReadonlySet<Action>, end: () => void }}
 */
export function followKeys(bound, { pressed = () => {}, released = () => {} }) {
  /** @type {Set<Action>} */
  const held = new Set();
  const actionOf = (/** @type {string} */ code) =>
    /** @type {Action | undefined} */ (Object.entries(bound()).find(([, key]) => key === code)?.[0]);
  const down = (/** @type {KeyboardEvent} */ event) => {
    const action = actionOf(event.code);
    if (!action || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (!event.repeat) {
      held.add(action);
      pressed(action, event);
    }
  };
  const up = (/** @type {KeyboardEvent} */ event) => {
    const action = actionOf(event.code);
    if (action && held.delete(action)) released(action);
  };
  const letGo = () => {
    for (const action of held) released(action);
    held.clear();
  };
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  addEventListener('blur', letGo);
  return {
    held,
    end: () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', letGo);
    },
  };
}

/** @type {Record<string, string>} */
const SIGNS = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', Enter: '⏎', Space: '␣', Backspace: '⌫', ShiftLeft: '⇧ L', ShiftRight: '⇧ R', ControlLeft: 'Ctrl L', ControlRight: 'Ctrl R' };

/** A key as its cap shows it. @param {string} code */
export const capOf = (code) => SIGNS[code] ?? code.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num ');
