// What one waits for, and why: the place in line, or why there is none any more.

import { fill, h, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { clockOf } from '../../clock.js';
import { secondsLeft } from '../../state/gate.js';
import { refusalOfParty, waitOf } from '../../state/waiting.js';

/** @type {import('../lobby.js').Part} */
export const line = (root, context) => {
  const { store, words } = context;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  /** What is told is told once: only what has changed is set. @type {Record<string, HTMLElement>} */
  let shown = {};
  const nameOf = (/** @type {string} */ mode) => rowOf(store.state.content, 'modes', mode)?.name ?? mode;

  const tick = () => {
    const { queue } = store.state.lobby;
    if (!queue || !shown.time) return;
    text(shown.time, clockOf(Math.max(0, (Date.now() - queue.sinceMs) / 1_000)));
    if (queue.stand === 'again') text(shown.again, words.say('lobby-again', { seconds: secondsLeft(queue.againMs, Date.now()) }));
  };
  const make = () => {
    shown = {
      mode: h('h2', {}),
      time: h('span', { class: 'number time', 'aria-hidden': 'true' }),
      why: h('p', { role: 'status' }),
      window: h('p', { class: 'small muted' }),
      again: h('p', { class: 'small muted' }),
      meter: h('i', {}),
    };
    const leave = h('button', { type: 'button', onclick: () => void context.line.leave() }, words.say('lobby-leave'));
    fill(
      root,
      h(
        'div',
        { class: 'card waiting' },
        h('div', { class: 'row' }, shown.mode, shown.time, leave),
        h('div', { class: 'meter', 'aria-hidden': 'true' }, shown.meter),
        shown.why,
        shown.window,
        shown.again,
      ),
    );
    ticking = setInterval(tick, 500);
  };
  const show = () => {
    const { queue, refusal, lostQueue, party } = store.state.lobby;
    const isOpen = store.state.session.stand === 'open';
    if (queue) {
      if (!shown.mode) make();
      const { share, id, values } = waitOf(queue);
      text(shown.mode, words.say('lobby-in-line', { mode: nameOf(queue.mode) }));
      text(shown.why, queue.stand === 'again' ? queue.words : words.say(id, values));
      text(shown.window, queue.stand === 'waiting' ? words.say('lobby-window', { window: words.number(queue.window) }) : '');
      if (queue.stand !== 'again') text(shown.again, '');
      shown.meter.style.width = `${Math.round(100 * share)}%`;
      tick();
      return;
    }
    clearInterval(ticking);
    shown = {};
    const over = refusal ?? (lostQueue && isOpen ? { mode: lostQueue.mode, words: words.say('lobby-line-lost') } : undefined);
    if (!over) return fill(root);
    const inTheWay = refusal?.why && refusalOfParty(refusal.why, party);
    fill(
      root,
      h(
        'div',
        { class: 'card refused', role: 'alert' },
        h('p', {}, h('strong', {}, `${nameOf(over.mode)}: `), inTheWay ? words.say(inTheWay.id, inTheWay.values) : over.words),
        h('div', { class: 'row' }, h('button', { type: 'button', onclick: () => void context.line.join(over.mode) }, words.say('lobby-queue-again'))),
      ),
    );
  };
  const ends = [
    store.watch(({ lobby }) => lobby.queue, show),
    store.watch(({ lobby }) => lobby.refusal, show),
    store.watch(({ session }) => session.stand, show),
    store.watch(({ content }) => content.tables, show),
  ];
  return () => {
    clearInterval(ticking);
    ends.forEach((end) => end());
  };
};
