// A match under way, put together: the canvas, what stands over it, what somebody does, and what the server says.

import { FrameMeter } from '../../draw/meter.js';
import { Minimap } from '../../draw/minimap.js';
import { Scene } from '../../draw/scene.js';
import { h, text } from '../../dom.js';
import { followKeys } from '../../keys.js';
import { nameOf, rowOf } from '../../state/content.js';
import { stageOf } from '../../state/match.js';
import { bag } from './bag.js';
import { ending } from './ending.js';
import { feed } from './feed.js';
import { Flight } from './flight.js';
import { Happenings } from './happenings.js';
import { hotbar } from './hotbar.js';
import { hud } from './hud.js';
import { namer } from './names.js';
import { Pilot } from './pilot.js';
import { followPointer } from './pointer.js';
import { refusals } from './refusals.js';
import { scores } from './scores.js';
import { abilityOf } from './slots.js';
import { sticks } from './touch.js';
import { watchBar } from './watching.js';

/** How long the second press on giving up may take. */
const SURE_MS = 4_000;

/** @param {HTMLElement} root @param {import('../../router.js').Context} context @returns {() => void} */
export function play(root, context) {
  const { store, link, words } = context;
  const started = /** @type {NonNullable<typeof store.state.match.match>} */ (store.state.match.match);
  const canvas = h('canvas', { class: 'match-canvas', role: 'img', 'aria-label': words.say('match-canvas') });
  const map = h('canvas', { class: 'match-map', role: 'img', 'aria-label': words.say('match-map') });
  const figures = h('div', { class: 'match-figures number', hidden: true });
  const hurt = h('div', { class: 'match-hurt', 'aria-hidden': 'true' });
  const told = h('p', { class: 'hidden', 'aria-live': 'polite' });

  const pilot = new Pilot();
  const scene = new Scene(canvas, store.state.content);
  const minimap = new Minimap(map);
  const happenings = new Happenings(scene.effects, words, (ability) => abilityOf(store.state.content, ability));
  const nameNow = () => namer(store.state, words, (id) => happenings.templateOf(id));
  const parts = { hud: hud(context, () => interact()), hotbar: hotbar(context, pilot), feed: feed(context, nameNow), scores: scores(context), end: ending(context, nameNow), watch: watchBar(context) };
  const refused = refusals(context);
  const carried = bag(context, (act, what, seen) => refused.acted(link.client?.act(act, seen), what));
  const mouse = followPointer(canvas, pilot);
  const meter = new FrameMeter(canvas);
  const flight = new Flight({ context, match: started, pilot, scene, minimap, happenings, mouse, meter, hud: parts.hud, hotbar: parts.hotbar });

  const button = (/** @type {string} */ id, /** @type {() => void} */ act) => h('button', { onclick: act }, words.say(id));
  const buttons = h(
    'div',
    { class: 'match-buttons' },
    button('match-bag', () => carried.toggle()),
    button('match-scores', () => parts.scores.toggle()),
    leaveButton(),
  );
  const element = h(
    'div',
    { class: 'match', 'data-stage': 'deploy', 'data-match': String(started.match_id) },
    h('h1', { class: 'hidden' }, words.say('match-of', { mode: rowOf(store.state.content, 'modes', started.mode)?.name ?? started.mode })),
    canvas,
    hurt,
    parts.hud.countdown,
    h('div', { class: 'match-left' }, parts.hud.top, buttons),
    h('div', { class: 'match-right' }, map, parts.feed.element, figures),
    h('div', { class: 'match-bottom' }, refused.element, parts.hud.prompt, parts.hud.vitals, parts.hotbar.element),
    h('div', { class: 'match-touch' }, ...sticks(pilot, words)),
    carried.element,
    parts.scores.element,
    parts.end.element,
    parts.watch.element,
    told,
  );
  root.append(element);

  function leaveButton() {
    const leave = h('button', { class: 'plain leave', onclick: () => sure() }, words.say('match-leave'));
    let isAsked = false;
    const ask = (/** @type {boolean} */ asks) => {
      isAsked = asks;
      text(leave, words.say(asks ? 'match-leave-sure' : 'match-leave'));
    };
    const sure = () => {
      if (isAsked) link.client?.leaveMatch();
      else setTimeout(() => ask(false), SURE_MS);
      ask(!isAsked);
    };
    return leave;
  }

  function interact() {
    const { target } = flight.view;
    if (!target || store.state.match.watched) return;
    const isItem = target.kind === 'item';
    const what = isItem ? nameOf(store.state.content, 'item', store.state.content.numbers.items?.[target.template] ?? '') : words.say('match-container');
    const act = isItem ? { pick_up: { item: target.id } } : { loot: { container: target.id } };
    refused.acted(link.client?.act(act, isItem ? target.heading : null), what);
  }

  const keys = followKeys(() => store.state.settings.keys, {
    pressed(action, event) {
      if (parts.watch.pressed(action)) return event.preventDefault();
      const slot = /^ability_(\d)$/.exec(action)?.[1];
      if (slot) pilot.press(Number(slot));
      else if (action === 'interact') interact();
      else if (action === 'bag') carried.toggle();
      else if (action === 'scores') parts.scores.toggle(true);
      else if (action === 'map') element.dataset.map = element.dataset.map === 'large' ? 'small' : 'large';
      else if (action === 'stop') carried.toggle(false);
      else return;
      if (action === 'map') flight.refit();
      event.preventDefault();
    },
    released: (action) => action === 'scores' && parts.scores.toggle(false),
  });
  pilot.held = keys.held;
  const debug = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'F3') return;
    event.preventDefault();
    figures.hidden = !figures.hidden;
  };
  const touched = (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === 'touch') element.dataset.touch = 'true';
  };
  const rest = () => pilot.rest();
  addEventListener('keydown', debug);
  addEventListener('blur', rest);
  element.addEventListener('pointerdown', touched, true);
  if (matchMedia('(pointer: coarse)').matches) element.dataset.touch = 'true';
  const sized = new ResizeObserver(() => flight.refit());
  sized.observe(canvas);

  flight.onFigures = () => {
    const { fps, scriptMs } = canvas.dataset;
    if (!figures.hidden) text(figures, `${fps} fps · ${scriptMs} ms · ${flight.view.around.length}`);
  };
  const ends = [
    ...watches(context, { element, hurt, told, flight, parts, carried, refused }),
    () => sized.disconnect(),
    () => keys.end(),
    () => removeEventListener('keydown', debug),
    () => removeEventListener('blur', rest),
    () => flight.end(),
  ];
  flight.begin();
  return () => ends.forEach((end) => end());
}

/**
 * Keeps what is shown in step with the store.
 * @param {import('../../router.js').Context} context
 * @param {{ element: HTMLElement, hurt: HTMLElement, told: HTMLElement, flight: Flight, parts: any, carried: ReturnType<typeof bag>, refused: ReturnType<typeof refusals> }} shown
 */
function watches({ store, link, words }, { element, hurt, told, flight, parts, carried, refused }) {
  const say = (/** @type {string} */ said) => said && text(told, said);
  return [
    store.watch(
      ({ match }) => stageOf(match),
      (stage) => {
        element.dataset.stage = stage;
        flight.isOver = stage === 'settled' || stage === 'gone';
        if (stage === 'deploy' || stage === 'live') say(words.say(`match-phase-${stage}`));
      },
    ),
    store.watch(
      ({ match }) => match,
      (match, before) => {
        if (match.deaths !== before?.deaths) parts.feed.show();
        if (match.scores !== before?.scores || match.names !== before?.names) parts.scores.show();
        if (match.items !== before?.items) carried.show();
        if (match.effects !== before?.effects) parts.hud.showEffects(match.effects);
        if (match.refused !== before?.refused) refused.show(match.refused);
        if (match.watched !== before?.watched) {
          element.dataset.watches = String(match.watched !== undefined);
          say(parts.watch.show());
        }
        if (match.watched !== before?.watched || match.fate !== before?.fate || match.settled !== before?.settled || match.ended !== before?.ended || match.isGone !== before?.isGone || match.phase !== before?.phase) say(parts.end.show());
        if (match.hurt !== before?.hurt && match.hurt && !store.state.settings.isMotionReduced) {
          const strength = Math.min(0.15 + match.hurt.amount / 60, 0.8);
          hurt.animate([{ opacity: strength }, { opacity: 0 }], { duration: 350, easing: 'ease-out' });
        }
        flight.changed();
      },
    ),
    store.watch(
      ({ content }) => content,
      () => {
        flight.contentChanged();
        carried.show();
      },
    ),
    store.watch(
      ({ settings }) => settings,
      () => flight.refit(),
    ),
    store.watch(
      ({ session }) => session.stand,
      (stand) => {
        element.dataset.stand = stand;
        flight.bind(link.client);
      },
    ),
  ];
}
