// Keys by what they do: bound anew by pressing one.

import { fill, h, keep, text } from '../../dom.js';
import { KEYS, conflictOf, isBindable } from '../../state/settings.js';
import { capOf } from '../../keys.js';

/** @typedef {keyof typeof KEYS} Action */

const ACTIONS = /** @type {Action[]} */ (Object.keys(KEYS));

/** @param {HTMLElement} root @param {import('../../router.js').Context} context @returns {() => void} what ends it */
export function keysOf(root, { store, words }) {
  const nameOf = (/** @type {Action} */ action) => words.say(`settings-key-${action.replaceAll('_', '-')}`);
  /** @type {Action | undefined} */
  let listening;
  const list = h('ul', {});
  const told = h('p', { class: 'small', role: 'status' });
  fill(root, list, told);

  const listen = (/** @type {Action | undefined} */ action) => {
    listening = action;
    if (action) text(told, words.say('settings-press', { action: nameOf(action) }));
    show();
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const action = listening;
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    const { code } = event;
    if (!isBindable(code)) return text(told, words.say('settings-key-fixed', { key: capOf(code) }));
    const other = conflictOf(store.state.settings.keys, action, code);
    listening = undefined;
    text(told, other ? words.say('settings-key-swapped', { key: capOf(code), action: nameOf(action), other: nameOf(other) }) : words.say('settings-key-bound', { key: capOf(code), action: nameOf(action) }));
    store.dispatch('ui/key_bound', { action, code });
    show();
  };
  const show = () => {
    const { keys } = store.state.settings;
    keep(
      list,
      ACTIONS,
      (action) => action,
      (action) =>
        h(
          'li',
          {},
          h('span', {}, nameOf(action)),
          h('button', { class: 'cap', type: 'button', onclick: () => listen(listening === action ? undefined : action), onblur: () => listening === action && listen(undefined) }),
        ),
      (row, action) => {
        const button = /** @type {HTMLButtonElement} */ (row.querySelector('button'));
        const isListening = listening === action;
        text(button, isListening ? words.say('settings-listening') : capOf(keys[action]));
        button.setAttribute('aria-pressed', String(isListening));
        button.setAttribute('aria-label', `${nameOf(action)}: ${isListening ? words.say('settings-listening') : capOf(keys[action])}`);
      },
    );
  };
  addEventListener('keydown', pressed, true);
  const end = store.watch(({ settings }) => settings.keys, show);
  return () => {
    removeEventListener('keydown', pressed, true);
    end();
  };
}
