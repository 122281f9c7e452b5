// The first screen: log in, register, or look in as a guest.

import { fill, h, text } from '../dom.js';

/** @type {import('../router.js').Screen} */
export const gate = (root, { store, link, words, router }) => {
  const wrong = h('p', { class: 'bad', role: 'alert' });
  const name = h('input', { name: 'name', autocomplete: 'username', required: true, maxLength: 24 });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', maxLength: 128 });
  /** @param {() => Promise<void>} enter */
  const tried = async (enter) => {
    text(wrong, '');
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    try {
      await enter();
    } catch (error) {
      text(wrong, error instanceof Error ? error.message : String(error));
    } finally {
      for (const button of form.querySelectorAll('button')) button.disabled = false;
    }
  };
  const form = h(
    'form',
    {
      class: 'card gate',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void tried(() => link.login(name.value, password.value));
      },
    },
    h('label', {}, words.say('name'), name),
    h('label', {}, words.say('password'), password),
    wrong,
    h('button', { class: 'primary', type: 'submit' }, words.say('log-in')),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', onclick: () => void tried(() => link.register(name.value, password.value)) }, words.say('register')),
      h('button', { type: 'button', onclick: () => void tried(() => link.guest(name.value)) }, words.say('guest')),
    ),
  );
  fill(root, h('div', { class: 'page' }, h('h1', {}, 'Hypogeum'), h('p', { class: 'muted' }, words.say('gate-about')), form));
  return store.watch(
    ({ session }) => session.stand,
    (stand) => stand === 'open' && router.go('lobby', { isReplaced: true }),
  );
};
