// A new creature: its type, its name, and its points, with what comes out at each change.

import { fill, h, text } from '../../dom.js';
import { NO_POINTS, STATS, newAllocation, statsOfType } from '../../state/points.js';
import { loadCreatures, loadRules, newKey, onceIn } from './loading.js';
import { picture } from './picture.js';
import { pointsControl } from './points.js';

/** @typedef {import('../../state/games.js').CreatureType} CreatureType */

/** @type {import('../creatures.js').Part} */
export const setup = (root, context) => {
  const { store, words } = context;
  fill(root, h('h1', {}, words.say('creatures-setup')));
  const ends = [
    onceIn(context, () => loadRules(context)),
    store.watch(
      ({ games }) => games.types,
      (types) => {
        const { creation } = store.state.games;
        if (types.length > 0 && creation) fill(root, h('h1', {}, words.say('creatures-setup')), form(context, types, creation));
      },
    ),
  ];
  return () => ends.forEach((end) => end());
};

/** @param {import('../../router.js').Context} context @param {CreatureType[]} types @param {import('../../state/points.js').Creation} creation */
function form(context, types, creation) {
  const { link, words, router } = context;
  const key = newKey();
  let chosen = types[0];
  const start = () => newAllocation(statsOfType(creation, chosen.bias), creation.points, creation.stat_max);
  const control = pointsControl(words, start());
  const look = h('div', { class: 'look' });
  const name = h('input', { name: 'creature', required: true, maxLength: 24, autocomplete: 'off', oninput: () => showLook() });
  const wrong = h('p', { class: 'bad', role: 'alert' });
  const make = h('button', { class: 'primary', type: 'submit' }, words.say('creatures-make'));
  const showLook = () => fill(look, picture(chosen, name.value.trim()));
  const choose = (/** @type {CreatureType} */ type) => {
    chosen = type;
    // Points that were given stay where they were, as far as the new type lets them.
    const { given } = control.get();
    const next = start();
    const fits = Object.fromEntries(STATS.map((stat) => [stat, Math.min(given[stat], next.most - next.stats[stat])]));
    control.set({ ...next, given: /** @type {typeof given} */ (fits) });
    showLook();
  };
  const send = async () => {
    text(wrong, '');
    make.disabled = true;
    try {
      const made = await link.api.createCreature({ name: name.value.trim(), type: chosen.type, points: control.get().given, key });
      context.store.dispatch('http/creature', made);
      await loadCreatures(context);
      router.go('creatures');
    } catch (error) {
      text(wrong, error instanceof Error ? error.message : String(error));
    } finally {
      make.disabled = false;
    }
  };
  showLook();
  return h(
    'form',
    {
      class: 'setup',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void send();
      },
    },
    h('fieldset', { class: 'types' }, h('legend', {}, words.say('creatures-type')), ...types.map((type, index) => typeCard(words, type, index === 0, () => choose(type)))),
    h(
      'div',
      { class: 'card shape' },
      look,
      h('label', {}, words.say('creatures-name'), name),
      control.element,
      h('button', { type: 'button', class: 'plain', onclick: () => control.set({ ...control.get(), given: NO_POINTS }) }, words.say('creatures-undo')),
      wrong,
      make,
    ),
  );
}

/** @param {import('../../words.js').Words} words @param {CreatureType} type @param {boolean} isFirst @param {() => void} choose */
function typeCard(words, type, isFirst, choose) {
  const biases = STATS.filter((stat) => type.bias[stat]).map((stat) => {
    const by = type.bias[stat] ?? 0;
    return h('span', { class: `chip ${by > 0 ? 'good' : 'bad'}` }, `${words.say(`creatures-stat-${stat}`)} ${by > 0 ? '+' : '−'}${Math.abs(by)}`);
  });
  return h(
    'label',
    { class: 'type card' },
    h('input', { type: 'radio', name: 'type', value: type.type, checked: isFirst, class: 'hidden', onchange: choose }),
    picture(type),
    h('span', { class: 'stack' }, h('strong', {}, type.name), h('span', { class: 'muted small' }, type.description), h('span', { class: 'chips' }, biases)),
  );
}
