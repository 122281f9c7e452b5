// Makes a character: a name, and what it is to be in the world.

import { HypogeumError } from '../../../sdk/errors.js';
import { fill, h, keep, text } from '../../dom.js';
import { nameOf } from '../../state/content.js';
import { refusalOf } from '../../state/gate.js';
import { fieldOf } from '../gate/field.js';
import { keepWish } from './wishes.js';

/** @type {import('../lobby.js').Part} */
export const creator = (root, { store, words, link }) => {
  let archetype = '';
  const name = fieldOf(words.say('lobby-character-name'), { name: 'character', autocomplete: 'off', spellcheck: false, maxLength: 96 });
  const kinds = h('div', { class: 'kinds', role: 'group', 'aria-label': words.say('lobby-archetype') });
  const about = h('p', { class: 'small muted', role: 'status' });
  const submit = h('button', { class: 'primary', type: 'submit' }, words.say('lobby-create'));
  /** @param {SubmitEvent} event */
  const create = async (event) => {
    event.preventDefault();
    const wanted = name.input.value.trim();
    if (!wanted) return name.wrong(words.say('gate-name-missing'));
    submit.disabled = true;
    submit.classList.add('busy');
    try {
      const made = await link.api.createCharacter(wanted);
      if (archetype) keepWish(store, made.character_id, archetype);
      name.input.value = '';
      details.open = false;
      await link.ask('characters', link.api.characters());
    } catch (error) {
      if (!(error instanceof HypogeumError)) throw error;
      if (refusalOf(error, 0).field === 'name') name.wrong(error.message);
      else link.failed(error);
    } finally {
      submit.disabled = false;
      submit.classList.remove('busy');
    }
  };
  const details = h(
    'details',
    { class: 'card creator' },
    h('summary', {}, words.say('lobby-new-character')),
    h('form', { class: 'stack', noValidate: true, onsubmit: (/** @type {SubmitEvent} */ event) => void create(event) }, name.element, kinds, about, h('div', { class: 'row' }, submit)),
  );
  fill(root, details);
  const choose = (/** @type {string} */ key) => {
    archetype = key;
    show();
  };
  const show = () => {
    const { content } = store.state;
    const rows = content.tables.archetypes ?? [];
    if (!rows.some(({ key }) => key === archetype)) archetype = rows[0]?.key ?? '';
    kinds.hidden = rows.length === 0;
    keep(
      kinds,
      rows,
      ({ key }) => key,
      ({ key }) => h('button', { type: 'button', name: `kind-${key}`, onclick: () => choose(key) }),
      (button, { key }) => {
        text(button, nameOf(content, 'archetype', key));
        button.setAttribute('aria-pressed', String(key === archetype));
      },
    );
    text(about, content.names[`archetype-${archetype}.description`] ?? '');
  };
  return store.watch(({ content }) => content, show);
};
