// A question before something that cannot be undone.

import { h } from './dom.js';

/**
 * Asks, and resolves whether the answer is yes. Escape, or a click beside it, is no.
 * @param {{ title: string, about: string, yes: string, no: string }} words
 * @returns {Promise<boolean>}
 */
export function askSure({ title, about, yes, no }) {
  return new Promise((resolve) => {
    const answered = (/** @type {string} */ answer) => () => dialog.close(answer);
    const dialog = h(
      'dialog',
      { class: 'sure', 'aria-labelledby': 'sure-title', onclick: (/** @type {MouseEvent} */ { target }) => target === dialog && dialog.close('') },
      h(
        'div',
        { class: 'stack' },
        h('h2', { id: 'sure-title' }, title),
        h('p', {}, about),
        h(
          'div',
          { class: 'row end' },
          h('button', { type: 'button', autofocus: true, onclick: answered('') }, no),
          h('button', { type: 'button', class: 'danger', onclick: answered('yes') }, yes),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Questions of a screen that is no more are not answered any more. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog[open]')) /** @type {HTMLDialogElement} */ (dialog).close('');
}
