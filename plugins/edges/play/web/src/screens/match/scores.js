// How everyone stands, for as long as a key is held; and the tables of the end.

import { fill, h } from '../../dom.js';
import { ownOf, standings } from '../../state/match.js';

/** @typedef {import('../../words.js').Words} Words */

/** @param {Words} words @param {string} outcome */
const outcomeWords = (words, outcome) => words.say(`match-outcome-${(outcome || 'inside').replace('_', '-')}`);

/** @param {import('../../router.js').Context} context */
export function scores({ store, words }) {
  const rows = h('tbody', {});
  const table = h(
    'table',
    {},
    h('thead', {}, h('tr', {}, h('th', {}, words.say('name')), h('th', { class: 'right' }, words.say('match-kills')), h('th', {}, words.say('match-outcome')))),
    rows,
  );
  const element = h('section', { class: 'match-scores match-panel', 'aria-label': words.say('match-scores'), hidden: true }, h('h2', {}, words.say('match-scores')), table);
  return {
    element,
    show() {
      if (element.hidden) return;
      const { match } = store.state;
      const own = ownOf(match);
      fill(
        rows,
        standings(match)
          .slice(0, 24)
          .map(({ avatar, name, kills, outcome }) =>
            h(
              'tr',
              { class: avatar === own ? 'own' : null },
              h('td', {}, name || '…'),
              h('td', { class: 'right' }, Math.max(kills, avatar === own ? match.kills : 0)),
              h('td', { class: 'muted' }, outcomeWords(words, outcome)),
            ),
          ),
      );
    },
    toggle(isShown = element.hidden) {
      element.hidden = !isShown;
      this.show();
    },
  };
}

/** The table of the end. @param {Words} words @param {import('../../../types/messages.js').ServerPayloads['match_ended']} ended @param {number | undefined} own avatar */
export function resultTable(words, { rows, own: ownRow, players }, own) {
  const all = ownRow ? [...rows, ownRow] : rows;
  return h(
    'table',
    { class: 'match-results' },
    h('caption', { class: 'muted small' }, words.say('match-players', { players })),
    h(
      'thead',
      {},
      h('tr', {}, ...['place', 'who', 'outcome'].map((id) => h('th', {}, words.say(`match-${id}`))), ...['kills', 'damage'].map((id) => h('th', { class: 'right' }, words.say(`match-${id}`)))),
    ),
    h(
      'tbody',
      {},
      all.map((row) =>
        h(
          'tr',
          { class: row.avatar === own ? 'own' : null },
          h('td', {}, row.placement),
          h('td', {}, row.name),
          h('td', {}, outcomeWords(words, row.outcome)),
          h('td', { class: 'right' }, row.kills),
          h('td', { class: 'right' }, words.number(row.damage_dealt)),
        ),
      ),
    ),
  );
}
