// Items as rows: what they are called, their kind, how many, how worn.

import { h, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';

/** What it is, in few words: kind, pieces, what it still stands, whether it is bound. @param {import('../../router.js').Context} context
 * @param {string} template @param {{ count?: number, wear?: number, isBound?: boolean }} [state] */
export function itemAbout({ store, words }, template, { count = 1, wear = 0, isBound = false } = {}) {
  const row = rowOf(store.state.content, 'items', template);
  return [
    row?.kind ? words.say(`lobby-kind-${row.kind}`).replace(/^lobby-kind-/, '') : '',
    count > 1 ? `× ${words.number(count)}` : '',
    row?.blows_max && wear > 0 ? words.say('lobby-wear', { left: Math.max(0, row.blows_max - wear), whole: row.blows_max }) : '',
    row?.weight_g ? words.say('lobby-weight', { kg: words.number(row.weight_g / 1_000) }) : '',
    isBound ? words.say('lobby-bound') : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** An empty item row with room for its controls. @param {...HTMLElement} controls */
export const itemRow = (...controls) =>
  h('li', { class: 'item' }, h('span', { class: 'glyph', 'aria-hidden': 'true' }), h('div', { class: 'called' }, h('strong', {}), h('span', { class: 'small muted' })), ...controls);

/** @param {HTMLElement} row @param {string} name @param {string} about @param {string} kind */
export function showItem(row, name, about, kind) {
  const [called, told] = [row.querySelector('strong'), row.querySelector('.called span')];
  if (called) text(called, name);
  if (told) text(told, about);
  const glyph = row.querySelector('.glyph');
  if (glyph instanceof HTMLElement) glyph.dataset.kind = kind;
}

/** @param {import('../../app.js').AppState} state @param {string} template */
export const kindOf = ({ content }, template) => String(rowOf(content, 'items', template)?.kind ?? '');
