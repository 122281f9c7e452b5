// Gives points to stats: each change shows what comes out and what is left.

import { h, text } from '../../dom.js';
import { STATS, canGive, give, leftOf } from '../../state/points.js';

/** @typedef {import('../../state/points.js').Allocation} Allocation */
/** @typedef {import('../../state/points.js').Stat} Stat */

/** Keys that give and take while a row has the focus. @type {Record<string, 1 | -1>} */
const KEYS = { '+': 1, '=': 1, ArrowUp: 1, ArrowRight: 1, '-': -1, ArrowDown: -1, ArrowLeft: -1 };

/**
 * @param {import('../../words.js').Words} words
 * @param {Allocation} first
 * @param {(allocation: Allocation) => void} changed
 */
export function pointsControl(words, first, changed = () => {}) {
  let allocation = first;
  const left = h('strong', { class: 'number' });
  const told = h('span', { class: 'hidden', role: 'status' });
  const rows = STATS.map((stat) => statRow(words, stat, (by) => change(stat, by)));
  const element = h(
    'fieldset',
    { class: 'points' },
    h('legend', {}, words.say('creatures-points-left'), ' ', left),
    h('div', { class: 'stack' }, ...rows.map((row) => row.element)),
    h('p', { class: 'muted small' }, words.say('creatures-points-keys')),
    told,
  );
  const show = () => {
    text(left, leftOf(allocation));
    for (const row of rows) row.show(allocation);
  };
  /** @param {Stat} stat @param {1 | -1} by */
  function change(stat, by) {
    const next = give(allocation, stat, by);
    if (next === allocation) return;
    set(next);
    text(told, words.say('creatures-points-told', { stat: words.say(`creatures-stat-${stat}`), value: next.stats[stat] + next.given[stat], left: leftOf(next) }));
    changed(next);
  }
  /** @param {Allocation} next */
  function set(next) {
    allocation = next;
    show();
  }
  show();
  return { element, set, get: () => allocation };
}

/** @param {import('../../words.js').Words} words @param {Stat} stat @param {(by: 1 | -1) => void} change */
function statRow(words, stat, change) {
  const name = words.say(`creatures-stat-${stat}`);
  const value = h('span', { class: 'value number' });
  const base = h('i', { class: 'base' });
  const more = h('i', { class: 'more' });
  const button = (/** @type {1 | -1} */ by, /** @type {string} */ sign) =>
    h('button', { type: 'button', class: 'step', 'aria-label': words.say(by > 0 ? 'creatures-points-more' : 'creatures-points-less', { stat: name }), onclick: () => change(by) }, sign);
  const [less, plus] = [button(-1, '−'), button(1, '+')];
  const element = h(
    'div',
    {
      class: `stat-row stat-${stat}`,
      role: 'group',
      'aria-label': name,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const by = KEYS[event.key];
        if (!by || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        change(by);
      },
    },
    h('span', { class: 'stat-name' }, name),
    less,
    h('span', { class: 'bar', 'aria-hidden': 'true' }, base, more),
    plus,
    value,
  );
  /** @param {Allocation} allocation */
  const show = (allocation) => {
    const [before, given] = [allocation.stats[stat], allocation.given[stat]];
    text(value, given > 0 ? `${before} → ${before + given}` : String(before));
    base.style.width = `${(100 * before) / allocation.most}%`;
    more.style.width = `${(100 * given) / allocation.most}%`;
    // Not `disabled`: a button that is loses the focus.
    less.setAttribute('aria-disabled', String(!canGive(allocation, stat, -1)));
    plus.setAttribute('aria-disabled', String(!canGive(allocation, stat, 1)));
  };
  return { element, show };
}

/** Stats to look at, with a bar each. @param {import('../../words.js').Words} words @param {import('../../state/points.js').Stats} stats @param {number} most */
export function statList(words, stats, most) {
  return h(
    'dl',
    { class: 'stats' },
    STATS.map((stat) => {
      const fill = h('i', { class: 'base' });
      fill.style.width = `${(100 * stats[stat]) / most}%`;
      return h('div', {}, h('dt', {}, words.say(`creatures-stat-${stat}`)), h('dd', {}, h('span', { class: 'bar', 'aria-hidden': 'true' }, fill), h('span', { class: 'number' }, stats[stat])));
    }),
  );
}
