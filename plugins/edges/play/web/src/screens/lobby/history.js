// Matches that were played, the latest first, page by page.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { readWhileIn } from './reading.js';

/** Matches of a page. */
const COUNT = 20;

/** @typedef {import('../../state/lobby.js').Played} Played */

/** @type {import('../lobby.js').Part} */
export const history = (root, context) => {
  const { store, words, link } = context;
  const say = (/** @type {string} */ id) => words.say(`lobby-${id}`);
  const body = h('tbody', {});
  const empty = h('p', { class: 'muted empty' });
  const more = h('button', { type: 'button', onclick: () => void next() }, say('more'));
  const heads = ['when', 'mode', 'outcome', 'placement', 'kills', 'damage', 'xp-gained', 'currency-gained', 'rating-after'];
  const table = h(
    'table',
    { class: 'history' },
    h('caption', { class: 'hidden' }, say('history')),
    h('thead', {}, h('tr', {}, heads.map((id, at) => h('th', { scope: 'col', class: at > 2 ? 'right' : '' }, say(id))))),
    body,
  );
  fill(root, h('section', {}, h('h2', {}, say('history')), h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': say('history') }, table), empty, h('div', { class: 'row' }, more)));
  const when = new Intl.DateTimeFormat(words.tag, { dateStyle: 'short', timeStyle: 'short' });
  const signed = new Intl.NumberFormat(words.tag, { signDisplay: 'exceptZero' });
  /** @param {Played} played @returns {(string | Node)[]} */
  const cellsOf = (played) => [
    when.format(played.ended_s * 1_000),
    rowOf(store.state.content, 'modes', played.mode)?.name ?? played.mode,
    say(`outcome-${played.outcome.replaceAll('_', '-')}`),
    played.placement === undefined ? '–' : words.number(played.placement),
    words.number(played.kills),
    words.number(played.damage_dealt),
    signed.format(played.xp_gained),
    signed.format(played.currency_gained),
    `${words.number(played.rating)}${played.rating_change === undefined ? '' : ` (${signed.format(played.rating_change)})`}`,
  ];
  const next = async () => {
    const after = store.state.lobby.history?.next;
    if (!after) return;
    more.classList.add('busy');
    await link.ask('history_more', link.api.get('/v1/matches', { query: { count: COUNT, after } }));
    more.classList.remove('busy');
  };
  const show = () => {
    const known = store.state.lobby.history;
    table.setAttribute('aria-busy', String(known === undefined));
    table.hidden = known?.matches.length === 0;
    more.hidden = !known?.next;
    text(empty, known?.matches.length === 0 ? say('history-empty') : '');
    keep(
      body,
      known?.matches ?? [],
      ({ match_id: id }) => id,
      (played) => h('tr', { class: played.outcome }, heads.map((id, at) => h('td', { class: at > 2 ? 'right number' : '', 'data-head': say(id) }))),
      (row, played) => cellsOf(played).forEach((cell, at) => text(row.children[at], String(cell))),
    );
  };
  const read = () => void link.ask('history', link.api.get('/v1/matches', { query: { count: COUNT } }));
  const ends = [readWhileIn(context, read), store.watch(({ lobby }) => lobby.history, show), store.watch(({ content }) => content.tables, show)];
  return () => ends.forEach((end) => end());
};
