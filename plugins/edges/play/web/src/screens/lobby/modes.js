// What can be played: a card for each mode of the welcome, with a picture, and where one is right now.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { drawMode } from './picture.js';

/** @typedef {import('../../../types/messages.js').ModeInfo} ModeInfo */

/** @type {import('../lobby.js').Part} */
export const modes = (root, context) => {
  const { store, words, router } = context;
  const here = h('div', {});
  const cards = h('div', { class: 'cards' });
  fill(root, here, h('h2', {}, words.say('lobby-modes')), cards);

  const showPlace = () => {
    const { place } = store.state.session;
    if (!place) return fill(here);
    const go = h('button', { class: 'primary', type: 'button', onclick: () => router.go(place.kind) }, words.say('lobby-go-back'));
    fill(here, h('div', { class: 'card here' }, h('p', {}, words.say(`lobby-in-${place.kind}`)), go));
  };
  const show = () => {
    const { session, lobby } = store.state;
    const list = session.welcome?.modes ?? [];
    cards.setAttribute('aria-busy', String(list.length === 0));
    keep(cards, list, ({ name }) => name, (mode) => cardOf(mode, context), (card, mode) => update(card, mode, context));
    // Whoever has just played most likely does so again.
    cards.querySelectorAll('article').forEach((card) => card.classList.toggle('last', card.dataset.key === lobby.lastMode));
  };
  const repaint = () => requestAnimationFrame(() => cards.querySelectorAll('article').forEach((card) => paint(card, context)));
  const watched = new ResizeObserver(repaint);
  watched.observe(cards);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', repaint);
  const ends = [
    store.watch(({ session }) => session.place, () => (showPlace(), show())),
    store.watch(({ session }) => session.welcome, show),
    store.watch(({ session }) => session.stand, show),
    store.watch(({ lobby }) => lobby.queue, show),
    store.watch(({ content }) => content.tables, () => (show(), repaint())),
    store.watch(({ settings }) => settings, repaint),
  ];
  return () => {
    watched.disconnect();
    scheme.removeEventListener('change', repaint);
    ends.forEach((end) => end());
  };
};

/** @param {ModeInfo} mode @param {import('../../router.js').Context} context */
function cardOf({ name }, { words, line }) {
  return h(
    'article',
    { class: 'card mode' },
    h('figure', {}, h('canvas', { 'aria-hidden': 'true' }), h('figcaption', { class: 'small' })),
    h('div', { class: 'title' }, h('h3', {}), h('p', { class: 'small muted number' })),
    h('button', { class: 'primary', type: 'button', onclick: () => void line.join(name) }, words.say('lobby-queue')),
  );
}

/** @param {HTMLElement} card @param {ModeInfo} mode @param {import('../../router.js').Context} context */
function update(card, { name, players, duration_s: seconds }, { store, words }) {
  const { session, lobby, content } = store.state;
  const row = rowOf(content, 'modes', name);
  const title = row?.name ?? name;
  const from = row?.players_min ?? players;
  const [heading, about] = [card.querySelector('h3'), card.querySelector('.title p')];
  if (heading) text(heading, title);
  const count = from === players ? words.number(players) : `${words.number(from)}–${words.number(players)}`;
  if (about) text(about, words.say('lobby-mode-about', { count, time: lasting(seconds, words) }));
  const caption = card.querySelector('figcaption');
  if (caption) text(caption, words.say(lobby.grounds[name] ? 'lobby-ground' : 'lobby-drawing'));
  const button = card.querySelector('button');
  if (!button) return;
  button.disabled = session.stand !== 'open' || session.place !== undefined || lobby.queue !== undefined;
  button.setAttribute('aria-label', words.say(lobby.lastMode === name ? 'lobby-queue-again-for' : 'lobby-queue-for', { mode: title }));
  text(button, words.say(lobby.lastMode === name ? 'lobby-queue-again' : 'lobby-queue'));
  card.classList.toggle('queued', lobby.queue?.mode === name);
}

/** @param {HTMLElement} card @param {import('../../router.js').Context} context */
function paint(card, { store }) {
  const canvas = card.querySelector('canvas');
  const name = card.dataset.key ?? '';
  const mode = store.state.session.welcome?.modes.find((each) => each.name === name);
  if (canvas && mode) drawMode(canvas, mode, store.state.lobby.grounds[name]);
}

/** A span of time as one says it: seconds below two minutes, else minutes. @param {number} seconds @param {import('../../words.js').Words} words */
export function lasting(seconds, words) {
  return seconds < 120 ? words.say('lobby-seconds', { count: seconds }) : words.say('lobby-minutes', { count: Math.round(seconds / 60) });
}
