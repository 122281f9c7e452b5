// A place of the world, as one is in it: map, log, and what is beside them.

import { fill, h } from '../../dom.js';
import { Bag } from './bag.js';
import { Company } from './company.js';
import { Deals } from './deals.js';
import { keepCharacter } from './entrance.js';
import { Hands } from './hands.js';
import { Here, Target, Ways } from './here.js';
import { PlaceMap } from './map.js';
import { Self } from './self.js';
import { Tell } from './tell.js';

/** @typedef {'deals' | 'here' | 'bag' | 'company'} Panel */

/**
 * @param {HTMLElement} root
 * @param {import('../../router.js').Context} context
 * @returns {() => void} what ends it
 */
export function showPlace(root, context) {
  const { store, words, link } = context;
  const hands = new Hands(context);
  const self = new Self(hands, context);
  const tell = new Tell(hands, context);
  const ways = new Ways(hands, context);
  const target = new Target(hands, context);
  const panels = { deals: new Deals(hands, context), here: new Here(hands, context), bag: new Bag(hands, context), company: new Company(hands, context) };
  const map = new PlaceMap(hands, context, { bag: () => open(shown !== 'bag' ? 'bag' : isWide.matches ? 'here' : ''), say: () => tell.focus() });

  /** @type {Panel | ''} */
  let shown = '';
  const isWide = matchMedia('(min-width: 62rem)');
  const toggles = h('div', { class: 'world-toggles', role: 'group', 'aria-label': words.say('world-panels') });
  const buttons = /** @type {const} */ (['deals', 'here', 'bag', 'company']).map((panel) =>
    h('button', { class: 'plain', 'data-panel': panel, onclick: () => open(shown === panel && !isWide.matches ? '' : panel) }, words.say(`world-panel-${panel}`)),
  );
  fill(toggles, buttons);
  const side = h('div', { class: 'world-side' }, Object.values(panels).map((panel) => panel.root));
  const dead = h('p', { class: 'world-dead', role: 'status' });
  const stage = h('div', { class: 'world-view' }, map.root, target.root, dead, self.bar);
  const view = h('div', { class: 'world' }, self.root, stage, ways.root, tell.root, toggles, side);
  fill(root, view);

  /** Shows one of the panels beside the map, or on a small screen above it. @param {Panel | ''} panel */
  function open(panel) {
    shown = panel;
    view.dataset.panel = panel;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.panel === panel));
    for (const [name, { root: each }] of Object.entries(panels)) each.classList.toggle('shown', name === panel);
  }
  open(isWide.matches ? 'here' : '');
  const widened = () => isWide.matches && shown === '' && open('here');
  isWide.addEventListener('change', widened);

  // What one is told as its kind says what one can do.
  if (!store.state.world.archetype) link.client?.command('stats');
  const ends = [
    ...[self, map, ways, target, tell, ...Object.values(panels)].map((part) => part.start()),
    store.watch(({ world }) => Deals.isOn(world), (isOn) => {
      buttons[0].hidden = !isOn;
      view.classList.toggle('has-deals', isOn);
      if (!isOn && shown === 'deals') open(isWide.matches ? 'here' : '');
    }),
    store.watch(({ world }) => world.trade?.name, (name) => name && open('deals')),
    store.watch(({ world }) => world.talk?.who, (who) => who && open('deals')),
    store.watch(({ world }) => world.wares, (wares) => wares && open('deals')),
    store.watch(({ world }) => world.invitedBy, (by) => by && open('company')),
    // Nobody goes on by what was meant before a cut.
    store.watch(({ session }) => session.stand, (stand) => stand !== 'open' && hands.walker.stop()),
    store.watch(({ world }) => world.isDead, (isDead) => {
      dead.hidden = !isDead;
      dead.textContent = isDead ? words.say('world-dead') : '';
    }),
    store.watch(({ world }) => world.stage, (stage) => stage === 'leaving' && keepCharacter(undefined)),
    // Who is in the group is asked for whenever that changes.
    store.watch(({ world }) => world.groupChanges, (count, before) => before !== undefined && count > 0 && hands.command('group')),
  ];
  return () => {
    isWide.removeEventListener('change', widened);
    for (const end of ends) end();
  };
}
