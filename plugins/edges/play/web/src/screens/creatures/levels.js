// Between two battles: points that a victory has brought are given, or a round is called and one says that one is ready.

import { fill, h } from '../../dom.js';
import { NO_POINTS, leftOf, newAllocation } from '../../state/points.js';
import { untilOf } from '../../state/game_view.js';
import { countdown } from './countdown.js';
import { newKey, typeOf } from './loading.js';
import { picture } from './picture.js';
import { pointsControl } from './points.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/game_view.js').Entrant} Entrant */

/** @param {Context} context @param {Entrant} entrant */
const portrait = ({ store }, entrant) => h('div', { class: 'look' }, picture(typeOf(store.state, entrant.kind), entrant.name));

/** @param {import('../../words.js').Words} words @param {Entrant} entrant */
function deadline(words, entrant) {
  const until = untilOf(entrant.wants);
  return until === undefined ? null : h('p', { class: 'small' }, words.say('creatures-deadline'), ' ', countdown(until, words.say('creatures-deadline')));
}

/**
 * @param {Context} context @param {Entrant} entrant
 * @param {(points: import('../../state/points.js').Stats, key: string) => Promise<unknown>} send
 */
export function levelUp(context, entrant, send) {
  const { store, words } = context;
  const key = newKey();
  const most = store.state.games.creation?.stat_max ?? 20;
  const ready = h('button', { class: 'primary', onclick: () => void go() });
  const control = pointsControl(words, newAllocation(entrant.stats, entrant.points, most), () => show());
  const show = () => fill(ready, words.say(leftOf(control.get()) > 0 ? 'creatures-ready-keep' : 'creatures-ready', { left: leftOf(control.get()) }));
  const go = async () => {
    ready.disabled = true;
    await send(control.get().given, key);
    ready.disabled = false;
  };
  show();
  return h(
    'section',
    { class: 'card shape level', 'aria-label': words.say('creatures-level-up') },
    h('h2', { class: 'good' }, words.say('creatures-level-up')),
    portrait(context, entrant),
    h('p', {}, words.say('creatures-grows', { name: entrant.name, points: entrant.points })),
    deadline(words, entrant),
    control.element,
    h('div', { class: 'row' }, ready, h('button', { class: 'plain', onclick: () => (control.set({ ...control.get(), given: NO_POINTS }), show()) }, words.say('creatures-undo'))),
  );
}

/** @param {Context} context @param {Entrant} entrant @param {() => Promise<unknown>} send */
export function called(context, entrant, send) {
  const { words } = context;
  const ready = h('button', {
    class: 'primary',
    onclick: async () => {
      ready.disabled = true;
      await send();
      ready.disabled = false;
    },
  }, words.say('creatures-ready'));
  return h('section', { class: 'card shape level', 'aria-label': words.say('creatures-called') }, h('h2', {}, words.say('creatures-called')), portrait(context, entrant), h('p', {}, words.say('creatures-called-about', { name: entrant.name })), deadline(words, entrant), ready);
}
