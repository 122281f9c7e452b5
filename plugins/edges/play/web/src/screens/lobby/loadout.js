// The loadout: what of the stash comes along into the match that begins now.

import { fill, h, keep, text } from '../../dom.js';
import { itemName } from '../../names.js';
import { rowOf } from '../../state/content.js';
import { LOADOUT_ITEMS_MAX } from '../../state/lobby.js';
import { shareLeft } from '../../state/waiting.js';
import { secondsLeft } from '../../state/gate.js';
import { itemAbout, itemRow, kindOf, showItem } from './items.js';

/** What is chosen and not sent yet is sent so long before the end. */
const LAST_MS = 900;

/** @type {import('../lobby.js').Part} */
export const loadout = (root, context) => {
  const { store, words, link } = context;
  const title = h('h1', {});
  const left = h('span', { class: 'number time', 'aria-hidden': 'true' });
  const bar = h('i', {});
  const count = h('p', { class: 'muted', role: 'status' });
  const list = h('ul', { class: 'items choose' });
  const empty = h('p', { class: 'muted' });
  const bring = h('button', { class: 'primary', type: 'button', onclick: () => send() });
  const stands = h('p', { class: 'small good', role: 'status' });
  fill(
    root,
    h(
      'section',
      { class: 'loadout', 'aria-labelledby': 'loadout-title' },
      h('div', { class: 'row' }, title, left),
      h('div', { class: 'meter', 'aria-hidden': 'true' }, bar),
      h('p', {}, words.say('lobby-loadout-about')),
      count,
      list,
      empty,
      h('div', { class: 'row bring' }, bring, stands),
    ),
  );
  title.id = 'loadout-title';
  title.tabIndex = -1;

  const send = () => {
    const open = store.state.lobby.loadout;
    if (open) void link.client?.chooseLoadout(open.chosen).catch((error) => link.failed(error));
  };
  const isSent = () => {
    const open = store.state.lobby.loadout;
    return open?.sent !== undefined && open.sent.join() === open.chosen.join();
  };
  let hasHurried = false;
  const tick = () => {
    const open = store.state.lobby.loadout;
    if (!open) return;
    const now = Date.now();
    text(left, words.say('lobby-seconds', { count: secondsLeft(open.closesMs, now) }));
    bar.style.width = `${100 * shareLeft(open.closesMs, open.wholeMs, now)}%`;
    if (hasHurried || open.closesMs - now > LAST_MS) return;
    hasHurried = true;
    if (open.chosen.length > 0 && !isSent()) send();
  };
  const show = () => {
    const open = store.state.lobby.loadout;
    if (!open) return;
    const { content } = store.state;
    text(title, words.say('lobby-loadout-for', { mode: rowOf(content, 'modes', open.mode)?.name ?? open.mode }));
    text(count, words.say('lobby-loadout-count', { count: open.chosen.length, most: LOADOUT_ITEMS_MAX }));
    text(bring, words.say(open.chosen.length === 0 ? 'lobby-bring-nothing' : 'lobby-bring', { count: open.chosen.length }));
    text(empty, open.stash.length === 0 ? words.say('lobby-loadout-empty') : '');
    text(stands, isSent() ? words.say('lobby-brought') : '');
    bring.disabled = isSent();
    bring.classList.toggle('primary', open.chosen.length > 0);
    keep(
      list,
      open.stash,
      ({ item }) => item,
      ({ item }) => itemRow(h('button', { class: 'take', type: 'button', onclick: () => store.dispatch('ui/loadout_turned', { item }) })),
      (row, { item, template, state }) => {
        const isIn = open.chosen.includes(item);
        const name = itemName(store.state, template);
        const about = itemAbout(context, template, { count: state.count, wear: state.wear, isBound: state.is_bound });
        showItem(row, name, about, kindOf(store.state, template));
        row.classList.toggle('in', isIn);
        const button = /** @type {HTMLButtonElement} */ (row.querySelector('button'));
        button.setAttribute('aria-pressed', String(isIn));
        button.setAttribute('aria-label', words.say('lobby-bring-name', { name }));
        button.disabled = !isIn && open.chosen.length >= LOADOUT_ITEMS_MAX;
        text(button, isIn ? '✓' : '+');
      },
    );
  };
  const ends = [store.watch(({ lobby }) => lobby.loadout, show), store.watch(({ content }) => content, show)];
  const ticking = setInterval(tick, 100);
  tick();
  title.focus({ preventScroll: true });
  return () => {
    clearInterval(ticking);
    ends.forEach((end) => end());
  };
};
