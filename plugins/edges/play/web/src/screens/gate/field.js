// A field with its name, a hint, and what is wrong with what stands in it.

import { h, text } from '../../dom.js';

/**
 * @param {string} words
 * @param {Record<string, any>} properties of the input; its `name` names the ids
 */
export function fieldOf(words, properties) {
  const id = `field-${properties.name}`;
  const hint = h('p', { class: 'small muted', id: `${id}-hint` });
  const wrong = h('p', { class: 'wrong', id: `${id}-wrong`, role: 'alert' });
  const input = h('input', { id, 'aria-describedby': `${id}-wrong ${id}-hint`, ...properties });
  const label = h('div', { class: 'label' }, h('label', { for: id }, words));
  input.addEventListener('input', () => say(''));
  const say = (/** @type {string} */ said) => {
    text(wrong, said);
    if (said) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  };
  return {
    element: h('div', { class: 'field' }, label, input, wrong, hint),
    label,
    input,
    /** @param {string} said */
    hint: (said) => text(hint, said),
    /** Tells it at the field, and goes there. @param {string} said */
    wrong: (said) => {
      say(said);
      if (said) input.focus();
    },
  };
}
