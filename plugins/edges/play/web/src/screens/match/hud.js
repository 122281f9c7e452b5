// What stands over the match in words and bars: the time, who is left, the way out, health and mana, what can be taken.

import { h, text } from '../../dom.js';
import { nameOf, nameOfNumber } from '../../state/content.js';
import { compassOf, directionOf } from './angles.js';
import { clockOf } from '../../clock.js';
import { secondsUntil } from './clock.js';
import { bestExit } from './exits.js';
import { capOf } from '../../keys.js';

/** @typedef {import('../../../sdk/lane/types.js').OwnState} OwnState */

/** A meter with its number beside it. @param {string} name @param {string} kind */
function vital(name, kind) {
  const bar = h('i', {});
  const number = h('span', { class: 'number' });
  const meter = h('div', { class: `match-meter ${kind}`, role: 'meter', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 0, 'aria-valuenow': 0 }, bar, number);
  let shown = '';
  return {
    element: meter,
    /** @param {number} now @param {number} whole */
    show(now, whole) {
      const words = `${now} / ${whole}`;
      if (words === shown) return;
      shown = words;
      bar.style.transform = `scaleX(${whole > 0 ? Math.min(now / whole, 1) : 0})`;
      text(number, words);
      meter.setAttribute('aria-valuenow', String(now));
      meter.setAttribute('aria-valuemax', String(whole));
      meter.dataset.low = String(whole > 0 && now * 4 <= whole);
    },
  };
}

/** @param {import('../../router.js').Context} context @param {() => void} interact */
export function hud({ store, words }, interact) {
  const phase = h('span', { class: 'phase' });
  const clock = h('span', { class: 'clock number' });
  const left = h('span', { class: 'small number' });
  const arrow = h('b', { 'aria-hidden': 'true' }, '➤');
  const exit = h('span', { class: 'small' });
  const way = h('div', { class: 'match-way' }, arrow, exit);
  const top = h('div', { class: 'match-time' }, clock, phase, left, way);
  const health = vital(words.say('match-health'), 'health');
  const mana = vital(words.say('match-mana'), 'mana');
  const effects = h('div', { class: 'match-effects small' });
  const vitals = h('div', { class: 'match-vitals' }, effects, health.element, mana.element);
  const countdown = h('div', { class: 'match-countdown number', 'aria-hidden': 'true' });
  const cap = h('kbd', {});
  const taken = h('span', {});
  const prompt = h('button', { class: 'match-prompt', hidden: true, onclick: interact }, cap, taken);
  let manaMost = 0;

  /** @param {import('../../draw/scene.js').View} view @param {number} hz */
  function showWay({ own, tick }, hz) {
    const best = own && bestExit(store.state.match, own, tick);
    way.hidden = !best;
    if (!best || !own) return;
    const direction = directionOf(best.x - own.x, best.y - own.y);
    const metres = Math.round(best.far / 256);
    const seconds = clockOf(secondsUntil(best.untilTick, tick, hz));
    const at = words.say(`match-${compassOf(direction)}`);
    text(exit, words.say(best.isOpen ? 'match-exit-open' : 'match-exit-closed', { metres, at, left: seconds }));
    arrow.style.transform = `rotate(${Math.round((direction / 65_536) * 360)}deg)`;
    way.dataset.open = String(best.isOpen);
    way.dataset.metres = String(metres);
    way.dataset.direction = String(direction);
  }

  return {
    top,
    vitals,
    prompt,
    countdown,
    /** What it is like now; a few times a second. @param {import('../../draw/scene.js').View} view @param {OwnState | null} own @param {number} hz @param {{ alive: number, extracted: number } | null} seen */
    show(view, own, hz, seen) {
      const { match } = store.state;
      const stage = match.phase?.phase ?? 'deploy';
      text(phase, words.say(`match-phase-${stage}`));
      text(clock, match.phase ? clockOf(secondsUntil(match.phase.ends_tick, view.tick, hz)) : '–');
      if (stage === 'deploy' && match.phase) text(countdown, secondsUntil(match.phase.ends_tick, view.tick, hz));
      if (seen) text(left, words.say('match-left', { alive: seen.alive, out: seen.extracted }));
      showWay(view, hz);
      if (!own) return health.show(0, 0);
      manaMost = Math.max(manaMost, own.mp);
      health.show(own.hp, own.hp_max);
      mana.show(own.mp, manaMost);
    },
    /** What lies on the avatar. @param {readonly number[]} numbers */
    showEffects(numbers) {
      text(effects, numbers.map((number) => nameOfNumber(store.state.content, 'effects', number)).join(' · '));
    },
    /** What would be taken now. @param {import('../../../sdk/lane/types.js').Entity | undefined} target */
    showTarget(target) {
      prompt.hidden = !target;
      if (!target) return;
      const { content, settings } = store.state;
      const key = content.numbers.items?.[target.template] ?? '';
      const what = target.kind === 'container' ? words.say('match-container') : nameOf(content, 'item', key);
      text(cap, capOf(settings.keys.interact));
      text(taken, words.say(target.kind === 'container' ? 'match-loot' : 'match-take', { what }));
    },
  };
}
