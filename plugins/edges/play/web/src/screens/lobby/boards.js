// Leaderboards: which there are, their best, and where one stands oneself.

import { fill, h, keep, text } from '../../dom.js';
import { readWhileIn } from './reading.js';

/** Entries of a page. */
const COUNT = 25;

/** @type {import('../lobby.js').Part} */
export const boards = (root, context) => {
  const { store, words, link } = context;
  const say = (/** @type {string} */ id) => words.say(`lobby-${id}`);
  let key = '';
  let isAround = false;
  const choices = h('div', { class: 'row', role: 'group', 'aria-label': say('boards') });
  const about = h('p', { class: 'small muted' });
  const season = h('p', { class: 'small muted', role: 'status' });
  const turn = h('button', { class: 'small', type: 'button', onclick: () => ((isAround = !isAround), void ask()) });
  const body = h('tbody', {});
  const empty = h('p', { class: 'muted empty' });
  const table = h(
    'table',
    { class: 'board' },
    h('caption', { class: 'hidden' }, say('boards')),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'right' }, say('rank')), h('th', { scope: 'col' }, words.say('name')), h('th', { scope: 'col', class: 'right' }, say('score')))),
    body,
  );
  fill(root, h('section', {}, h('h2', {}, say('boards')), choices, about, h('div', { class: 'row' }, season, turn), table, empty));

  const ask = () =>
    link.ask('board', isAround ? link.api.leaderboardAround(key, { count: 12 }) : link.api.leaderboard(key, { count: COUNT }));
  const choose = (/** @type {string} */ chosen) => {
    key = chosen;
    isAround = false;
    showChoices();
    void ask();
  };
  const showChoices = () => {
    const known = store.state.lobby.boards;
    if (known && !key && known[0]) return choose(known[0].key);
    keep(
      choices,
      known ?? [],
      (board) => board.key,
      (board) => h('button', { type: 'button', onclick: () => choose(board.key) }, board.name),
      (button, board) => button.setAttribute('aria-pressed', String(board.key === key)),
    );
    text(about, known?.find((board) => board.key === key)?.description ?? '');
    text(empty, known?.length === 0 ? say('boards-none') : '');
  };
  const show = () => {
    const { board, boards: all } = store.state.lobby;
    const isShown = board !== undefined && board.leaderboard === key;
    table.hidden = !isShown || board.entries.length === 0;
    turn.hidden = !isShown;
    text(turn, say(isAround ? 'board-best' : 'board-around'));
    if (!isShown) return;
    const until = board.season.ends_s ? new Date(board.season.ends_s * 1_000).toLocaleDateString(words.tag, { dateStyle: 'medium' }) : '';
    text(season, until ? words.say('lobby-season', { date: until, count: board.season.entry_count }) : words.say('lobby-entries', { count: board.season.entry_count }));
    text(empty, board.entries.length === 0 ? say(isAround ? 'board-no-score' : 'board-empty') : all?.length === 0 ? say('boards-none') : '');
    const own = store.state.session.accountId;
    keep(
      body,
      board.entries,
      ({ account_id: id }) => id,
      () => h('tr', {}, h('td', { class: 'right number' }), h('td', {}), h('td', { class: 'right number' })),
      (row, entry) => {
        row.classList.toggle('own', entry.account_id === own);
        [words.number(entry.rank), entry.account_id === own ? `${entry.name} (${say('you')})` : entry.name, words.number(entry.score)].forEach((cell, at) => text(row.children[at], cell));
      },
    );
  };
  const ends = [readWhileIn(context, () => void link.ask('boards', link.api.leaderboards())), store.watch(({ lobby }) => lobby.boards, showChoices), store.watch(({ lobby }) => lobby.board, show)];
  return () => ends.forEach((end) => end());
};
