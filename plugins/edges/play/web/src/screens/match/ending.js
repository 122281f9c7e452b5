// How it ended: what killed one or that one is out, what it was worth, how all did, and where to go from here.

import { fill, h } from '../../dom.js';
import { whatDid } from '../../names.js';
import { ownOf, stageOf } from '../../state/match.js';
import { resultTable } from './scores.js';
import { watchButton } from './watching.js';

/**
 * @param {import('../../router.js').Context} context
 * @param {() => (id: number) => string} namer
 */
export function ending(context, namer) {
  const { store, words, router, line } = context;
  const title = h('h2', { tabIndex: -1 });
  const cause = h('p', {});
  const report = h('dl', { class: 'match-report' });
  const results = h('div', { class: 'match-table', role: 'region', 'aria-label': words.say('match-results'), tabIndex: 0, hidden: true });
  const again = h('button', { class: 'primary', onclick: () => playAgain() }, words.say('match-again'));
  const lobby = h('button', { onclick: () => leave('lobby') }, words.say('match-to-lobby'));
  const watch = watchButton(context);
  const element = h('section', { class: 'match-ending', hidden: true, 'aria-label': words.say('match-end') }, h('div', { class: 'card' }, title, cause, report, results, h('div', { class: 'row' }, again, watch.element, lobby)));

  /** @param {string} path */
  function leave(path) {
    store.dispatch('ui/match_left');
    router.go(path);
  }

  function playAgain() {
    void line.join(store.state.match.match?.mode ?? '');
    leave('lobby');
  }

  /** @param {string} kind */
  const headline = (kind) => words.say(`match-end-${kind.replace('_', '-')}`);

  return {
    element,
    /** Returns the headline where there is an end to tell of. */
    show() {
      const { match } = store.state;
      const { fate, settled, ended } = match;
      const stage = stageOf(match);
      const isOver = !match.watched && (settled !== undefined || fate !== undefined || stage === 'over' || stage === 'gone');
      const isNew = element.hidden && isOver;
      element.hidden = !isOver;
      if (!isOver) return '';
      const kind = settled?.report.outcome ?? fate?.kind ?? (stage === 'gone' ? 'gone' : 'timed_out');
      fill(title, headline(kind));
      element.dataset.outcome = kind;
      fill(cause, causeOf(kind));
      again.hidden = lobby.hidden = !settled && stage !== 'gone';
      results.hidden = !settled;
      watch.show();
      fill(report, settled ? figures(settled.report, ended) : []);
      fill(results, ended ? resultTable(words, ended, ownOf(match)) : settled ? h('p', { class: 'muted small' }, words.say('match-places-later')) : '');
      if (isNew || document.activeElement === document.body) title.focus({ preventScroll: true });
      return `${title.textContent} ${cause.textContent}`;
    },
  };

  /** @param {string} kind */
  function causeOf(kind) {
    const { fate } = store.state.match;
    if (kind === 'gone') return words.say('match-end-gone-why');
    if (kind !== 'died' || !fate) return kind === 'extracted' ? words.say('match-end-extracted-why') : '';
    const by = namer()(fate.by);
    const what = whatDid(store.state.content, fate.cause);
    if (fate.by === 0) return what ? words.say('match-end-of', { what }) : words.say('match-end-nobody');
    const who = fate.hurt && fate.hurt.by === fate.by ? words.say('match-end-by-for', { by, damage: fate.hurt.amount }) : words.say('match-end-by', { by });
    return what ? `${who} ${words.say('match-end-with', { what })}` : who;
  }

  /**
   * @param {import('../../../types/messages.js').SettledReport} told
   * @param {import('../../../types/messages.js').ServerPayloads['match_ended'] | undefined} ended
   */
  function figures(told, ended) {
    const own = ended?.own ?? ended?.rows.find(({ avatar }) => avatar === ownOf(store.state.match));
    const rows = /** @type {[string, string][]} */ ([
      ['place', own ? words.say('match-place-of', { place: own.placement, players: ended?.players ?? 0 }) : '…'],
      ['kills', words.number(told.kills)],
      ['damage', words.number(told.damage_dealt)],
      ['xp', `+${words.number(told.xp_gained)}`],
      ['level', words.number(told.level)],
      ['secured', words.number(told.items_secured)],
      ['coins', `+${words.number(told.currency_gained)}`],
      ['rating', words.number(ended?.rating ?? told.rating)],
    ]);
    return rows.map(([id, value]) => h('div', { 'data-figure': id }, h('dt', {}, words.say(`match-${id}`)), h('dd', { class: 'number' }, value)));
  }
}
