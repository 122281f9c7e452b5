// Chooses a tournament and starts it: alone against machines of the server, or opened for others to enter.

import { fill, h, text } from '../../dom.js';
import { loadCreatures, loadRules, newKey, onceIn, typeOf } from './loading.js';
import { picture } from './picture.js';
import { sameness } from './same.js';
import { saidOf } from './said.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/games.js').Kind} Kind */
/** @typedef {import('../../state/games.js').Creature} Creature */

/** Minutes for which a game that one opens may wait. */
const WAITS_MIN = [2, 5, 10, 30, 60, 240];
/** The size that is chosen first where the tournament has it. */
const USUAL_SIZE = 8;

/** @type {import('../creatures.js').Part} */
export const tournaments = (root, context) => {
  const { store, words } = context;
  fill(root, h('h1', {}, words.say('creatures-tournaments')));
  let chosen = 'cup';
  const ends = [
    onceIn(context, () => Promise.all([loadRules(context), loadCreatures(context)])),
    store.watch(
      ({ games }) => sameness(games.kinds, games.types, games.creatures && JSON.stringify(games.creatures)),
      () => {
        const { kinds, types, creatures } = store.state.games;
        if (kinds.length === 0 || types.length === 0 || creatures === undefined) return;
        fill(root, h('h1', {}, words.say('creatures-tournaments')), chooser(context, kinds, creatures, chosen, (kind) => (chosen = kind)));
      },
    ),
  ];
  return () => ends.forEach((end) => end());
};

/** @param {Context} context @param {Kind[]} kinds @param {Creature[]} creatures @param {string} chosen a tournament @param {(kind: string) => void} choose */
function chooser(context, kinds, creatures, chosen, choose) {
  const { words } = context;
  const panel = h('div', { class: 'card shape' });
  const sorted = [...kinds].sort((a, b) => Number(b.tournament === 'cup') - Number(a.tournament === 'cup'));
  const show = (/** @type {Kind} */ kind) => {
    choose(kind.tournament);
    fill(panel, starter(context, kind, creatures));
  };
  const first = sorted.find(({ tournament }) => tournament === chosen) ?? sorted[0];
  show(first);
  return h(
    'div',
    { class: 'setup' },
    h('fieldset', { class: 'types' }, h('legend', {}, words.say('creatures-tournament')), ...sorted.map((kind) => kindCard(words, kind, kind === first, () => show(kind)))),
    panel,
  );
}

/** @param {import('../../words.js').Words} words @param {Kind} kind @param {boolean} isFirst @param {() => void} choose */
function kindCard(words, kind, isFirst, choose) {
  const facts = [
    saidOf(words, 'format', kind.format),
    kind.entrants_min === kind.entrants_max ? words.say('creatures-size', { count: kind.entrants_max }) : words.say('creatures-sizes', { min: kind.entrants_min, max: kind.entrants_max }),
    kind.best_of > 1 && words.say('creatures-best-of', { count: kind.best_of }),
    kind.entry_fee > 0 && words.say('creatures-fee', { fee: kind.entry_fee }),
    kind.purse > 0 && words.say('creatures-purse', { purse: kind.purse }),
    kind.is_scheduled && words.say('creatures-scheduled'),
  ].filter((fact) => fact !== false);
  return h(
    'label',
    { class: 'type card' },
    h('input', { type: 'radio', name: 'kind', value: kind.tournament, checked: isFirst, class: 'hidden', onchange: choose }),
    h('span', { class: 'stack' }, h('strong', {}, kind.name), h('span', { class: 'muted small' }, kind.description), h('span', { class: 'chips' }, facts.map((fact) => h('span', { class: 'chip' }, fact)))),
  );
}

/** @param {Context} context @param {Kind} kind @param {Creature[]} creatures */
function starter(context, kind, creatures) {
  const { link, words, router } = context;
  const key = newKey();
  const free = creatures.filter(({ game_id: game }) => game === undefined);
  const canBeAlone = kind.opponents.length > 0;
  const wrong = h('p', { class: 'bad', role: 'alert' });
  const select = (/** @type {string} */ name, /** @type {{ value: string, words: string }[]} */ options, /** @type {string} */ chosen) =>
    h('select', { name }, ...options.map(({ value, words: said }) => h('option', { value, selected: value === chosen }, said)));
  const sizes = kind.sizes.filter((size) => size >= kind.entrants_min);
  const size = select('size', sizes.map((each) => ({ value: String(each), words: words.say('creatures-size', { count: each }) })), String(sizes.includes(USUAL_SIZE) ? USUAL_SIZE : sizes[0]));
  const machines = kind.opponents.map((each) => ({ value: each, words: saidOf(words, 'level', each) }));
  const opponents = select('opponents', machines, machines[0]?.value ?? '');
  const minutes = select('minutes', WAITS_MIN.map((each) => ({ value: String(each), words: words.say('creatures-minutes', { count: each }) })), '5');
  const brought = h('fieldset', { class: 'brought' }, h('legend', {}, words.say('creatures-bring', { most: kind.per_person_max })), ...free.map((each, index) => bringBox(context, each, index === 0)));
  const chosen = () => [...brought.querySelectorAll('input')].filter((box) => box.checked).map((box) => Number(box.value));
  /** @param {object} game */
  const start = async (game) => {
    text(wrong, '');
    for (const button of element.querySelectorAll('button')) button.disabled = true;
    try {
      const answer = await link.api.createGame({ tournament: kind.tournament, size: Number(size.value), key, ...(canBeAlone ? { opponents: opponents.value } : {}), ...game });
      router.go(`creatures/game/${'game' in answer ? answer.game : answer.game_id}`);
    } catch (error) {
      text(wrong, error instanceof Error ? error.message : String(error));
    } finally {
      for (const button of element.querySelectorAll('button')) button.disabled = false;
    }
  };
  const alone = [
    free.length === 0 && creatures.length === 0 && h('p', {}, words.say('creatures-need-one'), ' ', h('a', { href: '#/creatures/new' }, words.say('creatures-new'))),
    free.length === 0 && creatures.length > 0 && h('p', {}, words.say('creatures-all-play')),
    free.length > 0 && brought,
    free.length > 0 && h('button', { class: 'primary', type: 'button', name: 'start', onclick: () => void start({ creature_ids: chosen() }) }, words.say('creatures-start')),
  ];
  const element = h(
    'div',
    { class: 'stack' },
    h('h2', {}, kind.name),
    sizes.length > 1 && h('label', {}, words.say('creatures-how-many'), size),
    canBeAlone && h('label', {}, words.say('creatures-machines'), opponents),
    canBeAlone && alone,
    h(
      'details',
      { open: !canBeAlone },
      h('summary', {}, words.say('creatures-open-one')),
      h('div', { class: 'stack' }, h('p', { class: 'muted small' }, words.say('creatures-open-about')), h('label', {}, words.say('creatures-waits'), minutes), h('button', { type: 'button', name: 'open', onclick: () => void start({ open: { starts_in_s: 60 * Number(minutes.value) } }) }, words.say('creatures-open'))),
    ),
    wrong,
  );
  return element;
}

/** @param {Context} context @param {Creature} creature @param {boolean} isFirst */
function bringBox({ store }, { creature_id: id, name, type: key }, isFirst) {
  const type = typeOf(store.state, key);
  return h('label', { class: 'bring' }, h('input', { type: 'checkbox', name: 'bring', value: String(id), checked: isFirst }), picture(type, name), h('span', {}, name, h('span', { class: 'muted small' }, ` ${type.name}`)));
}
