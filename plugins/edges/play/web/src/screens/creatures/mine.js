// One's own creatures: how they stand, what they are called, points that they have left, and letting them go.

import { fill, h, keep } from '../../dom.js';
import { NO_POINTS, leftOf, newAllocation, sumOf } from '../../state/points.js';
import { loadCreatures, loadRules, newKey, onceIn, typeOf } from './loading.js';
import { picture } from './picture.js';
import { pointsControl, statList } from './points.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Creature} Creature */

/** @type {import('../creatures.js').Part} */
export const mine = (root, context) => {
  const { store, words } = context;
  const list = h('ul', { class: 'cards plain' });
  const none = h('div', { class: 'card welcome' }, h('p', {}, words.say('creatures-none')), h('p', { class: 'muted' }, words.say('creatures-about')));
  fill(
    root,
    h('div', { class: 'row spread' }, h('h1', {}, words.say('creatures-mine')), h('a', { class: 'button', href: '#/creatures/new' }, words.say('creatures-new'))),
    none,
    list,
  );
  const ends = [
    onceIn(context, async () => {
      await Promise.all([loadRules(context), loadCreatures(context)]);
    }),
    store.watch(
      ({ games }) => games,
      ({ creatures, types }) => {
        none.hidden = creatures === undefined || creatures.length > 0;
        // A card is made anew where its creature is another; types come with the first ones.
        keep(list, creatures ?? [], (each) => JSON.stringify([each, types.length]), (creature) => h('li', {}, card(context, creature)));
      },
    ),
  ];
  return () => ends.forEach((end) => end());
};

/** @param {Context} context @param {Creature} creature */
function card(context, creature) {
  const { store, words } = context;
  const { name, type: key, won, lost, streak, titles, points, game_id: game } = creature;
  const type = typeOf(store.state, key);
  const most = store.state.games.creation?.stat_max ?? 20;
  const below = h('div', { class: 'stack' });
  const buttons = h(
    'div',
    { class: 'row' },
    game === undefined && points > 0 && h('button', { class: 'primary', onclick: () => void train(context, creature, below) }, words.say('creatures-give', { points })),
    game !== undefined && h('a', { class: 'button', href: `#/creatures/game/${game}` }, words.say('creatures-to-game')),
    game === undefined && h('a', { class: 'button', href: '#/creatures/tournaments' }, words.say('creatures-to-tournament')),
    h('button', { class: 'plain', onclick: () => rename(context, creature, below) }, words.say('creatures-rename')),
    game === undefined && h('button', { class: 'plain', onclick: () => release(context, creature) }, words.say('creatures-release')),
  );
  return h(
    'article',
    { class: 'card creature', 'aria-label': name },
    h('div', { class: 'head' }, picture(type, name), h('div', {}, h('h2', {}, name), h('p', { class: 'muted small' }, type.name))),
    statList(words, creature.stats, most),
    h(
      'p',
      { class: 'small record number' },
      words.say('creatures-record', { won, lost }),
      streak > 1 ? ` · ${words.say('creatures-streak', { streak })}` : '',
      titles > 0 ? ` · ${words.say('creatures-titles', { titles })}` : '',
    ),
    buttons,
    below,
  );
}

/** @param {Context} context @param {Creature} creature @param {HTMLElement} root */
function train({ store, link, words }, creature, root) {
  const most = store.state.games.creation?.stat_max ?? 20;
  const key = newKey();
  const done = h('button', { class: 'primary', type: 'submit', disabled: true }, words.say('creatures-keep'));
  const control = pointsControl(words, newAllocation(creature.stats, creature.points, most), (allocation) => (done.disabled = leftOf(allocation) === creature.points));
  const form = h(
    'form',
    {
      class: 'stack',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        done.disabled = true;
        const { given } = control.get();
        if (sumOf(given) > 0) void link.ask('creature', link.api.allocateStats(creature.creature_id, given, key)).finally(() => (done.disabled = false));
      },
    },
    control.element,
    h('div', { class: 'row' }, done, h('button', { type: 'button', onclick: () => control.set({ ...control.get(), given: NO_POINTS }) }, words.say('creatures-undo'))),
  );
  fill(root, form);
  form.querySelector('button')?.focus();
}

/** @param {Context} context @param {Creature} creature @param {HTMLElement} root */
function rename({ link, words }, { creature_id: id, name }, root) {
  const input = h('input', { value: name, required: true, maxLength: 24, autocomplete: 'off' });
  const form = h(
    'form',
    {
      class: 'stack',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        if (input.value.trim() === name) fill(root);
        else void link.ask('creature', link.api.renameCreature(id, input.value.trim()));
      },
    },
    h('label', {}, words.say('creatures-name'), input),
    h('div', { class: 'row' }, h('button', { class: 'primary', type: 'submit' }, words.say('creatures-keep')), h('button', { type: 'button', onclick: () => fill(root) }, words.say('creatures-cancel'))),
  );
  fill(root, form);
  input.select();
}

/** @param {Context} context @param {Creature} creature */
function release({ link, words }, { creature_id: id, name }) {
  confirmed(words, words.say('creatures-release-sure', { name }), words.say('creatures-release'), () => void link.ask('creature_released', link.api.releaseCreature(id)));
}

/**
 * Asks whether somebody is sure.
 * @param {import('../../words.js').Words} words @param {string} question @param {string} yes @param {() => void} done
 */
export function confirmed(words, question, yes, done) {
  const dialog = h(
    'dialog',
    { 'aria-label': question, onclose: () => dialog.remove() },
    h(
      'form',
      { method: 'dialog', class: 'stack', onsubmit: (/** @type {SubmitEvent} */ event) => /** @type {HTMLButtonElement} */ (event.submitter)?.value === 'yes' && done() },
      h('p', {}, question),
      h('div', { class: 'row' }, h('button', { value: 'no' }, words.say('creatures-cancel')), h('button', { value: 'yes', class: 'primary' }, yes)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
