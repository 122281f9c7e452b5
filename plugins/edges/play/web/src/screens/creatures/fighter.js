// One of the two in a battle: what it looks like, and what is left of it.

import { h, text } from '../../dom.js';
import { typeOf } from './loading.js';
import { picture } from './picture.js';
import { STATS } from '../../state/points.js';
import { saidOf } from './said.js';

/** Below which share of its hit points a creature is marked as weak, and as about to fall. */
const WEAK = 0.5;
const FALLING = 0.25;

/**
 * @param {import('../../router.js').Context} context
 * @param {import('../../state/game_view.js').Fighter} fighter
 * @param {boolean} isRight whether it stands on the right, and looks to the left
 */
export function fighterPanel({ store, words }, fighter, isRight) {
  const entrant = store.state.games.view?.entrants.find(({ number }) => number === fighter.entrant);
  const name = entrant?.name ?? '';
  const type = typeOf(store.state, entrant?.kind ?? '');
  const bar = h('i', {});
  const meter = h('div', { class: 'hp', role: 'meter', 'aria-label': words.say('creatures-hp', { name }), 'aria-valuemin': 0, 'aria-valuemax': fighter.hp_max }, bar);
  const count = h('span', { class: 'number' });
  const damage = h('span', { class: 'damage', 'aria-hidden': 'true' });
  const chosen = h('span', { class: 'chosen small' });
  const look = h('div', { class: 'look' }, picture(type, name), damage);
  const element = h(
    'div',
    { class: `fighter ${isRight ? 'right' : 'left'}` },
    look,
    h('div', { class: 'row spread' }, h('h2', {}, name), h('span', { class: 'muted small' }, ownerOf(words, entrant))),
    meter,
    h('div', { class: 'row spread small' }, count, chosen),
    entrant && h('p', { class: 'muted small number' }, STATS.map((stat) => `${words.say(`creatures-stat-${stat}`)} ${entrant.stats[stat]}`).join(' · ')),
  );
  const setHp = (/** @type {number} */ hp) => {
    const share = hp / fighter.hp_max;
    bar.style.width = `${100 * share}%`;
    element.classList.toggle('weak', share < WEAK && share >= FALLING);
    element.classList.toggle('falling', share < FALLING);
    element.classList.toggle('down', hp === 0);
    meter.setAttribute('aria-valuenow', String(hp));
    text(count, words.say('creatures-hp-of', { hp, max: fighter.hp_max }));
  };
  const beat = (/** @type {string} */ name_) => {
    element.classList.remove('strikes', 'struck', 'dodges', 'guards');
    // Asked for its size, the browser begins the animation again.
    void element.offsetWidth;
    element.classList.add(name_);
  };
  setHp(fighter.hp);
  return {
    element,
    /** As the server says it stands. @param {import('../../state/game_view.js').Fighter} now */
    stand: (now) => {
      setHp(now.hp);
      text(chosen, now.has_chosen && entrant?.owner !== 0 ? words.say('creatures-has-chosen') : '');
    },
    /** It did this. @param {import('../../state/games.js').Line} line */
    acted: (line) => {
      text(damage, '');
      beat(line.result === 'defends' ? 'guards' : 'strikes');
    },
    /** The other did this to it. @param {import('../../state/games.js').Line} line */
    suffered: ({ result, hpAfter, damage: lost, isCritical }) => {
      if (result === 'defends') return;
      beat(result === 'dodged' ? 'dodges' : 'struck');
      damage.classList.toggle('critical', isCritical === true);
      text(damage, result === 'dodged' ? words.say('creatures-missed') : `−${lost}`);
      if (hpAfter !== undefined) setHp(hpAfter);
    },
  };
}

/** Whose it is: a person's, or a machine's of some level. @param {import('../../words.js').Words} words @param {import('../../state/game_view.js').Entrant | undefined} entrant */
export function ownerOf(words, entrant) {
  if (!entrant) return '';
  return entrant.owner === 0 ? saidOf(words, 'level', entrant.owner_name) : entrant.owner_name;
}
