// Where one is in the world, how one is, what one carries, and what one was told. Places of things come from the client's lane.

import { dealt, dealTold } from './deals.js';
import { isUndone } from './place.js';

/** @typedef {import('../../types/messages.js').RoomNews} RoomNews */
/** @typedef {import('../../types/messages.js').WorldNews} WorldNews */
/** @typedef {import('../../types/messages.js').ServerPayloads} ServerPayloads */
/** @typedef {import('../../types/messages.js').CarriedItem} CarriedItem */
/** @typedef {import('../../types/messages.js').GameEvent} GameEvent */
/** @typedef {import('../../types/messages.js').ChatChannel} ChatChannel */

/**
 * A line of the log. `kind` says how it looks; `channel` is that of what was said.
 * @typedef {{ number: number, kind: 'room' | 'told' | 'bad' | 'good' | 'typed' | 'chat', words: string, channel?: ChatChannel, from?: string }} Line
 *
 * What is shown of somebody for a moment: `amount` is 0 where a blow was dodged, and of a deed, which is the event itself.
 * @typedef {{ number: number, what: 'damage' | 'heal' | 'dodge' | 'deed', who: number, amount: number, isCritical: boolean, event?: GameEvent }} Struck
 */

/** Lines that are kept. */
const LOG_MAX = 300;
const STRUCK_MAX = 24;

/** Messages about what hurts, and about what is good news; all others are plain. */
const BAD = new Set(['hits-you', 'you-are-hurt', 'you-die', 'refused', 'dead', 'danger-begins', 'danger-is-here', 'breaks', 'too-dear', 'no-mana', 'door-is-locked']);
const GOOD = new Set(['you-gain', 'level-up', 'you-wake', 'heals-you', 'you-recover', 'trade-done', 'you-get', 'you-buy', 'you-sell', 'danger-ends']);
const DOORS = new Set(['door-opens', 'door-closes', 'door-locks', 'door-unlocks']);

const initial = {
  /** `out`: in no place; `leaving`: said goodbye, and not settled yet. */
  stage: /** @type {'out' | 'in' | 'leaving'} */ ('out'),
  /** @type {ServerPayloads['match_started'] | undefined} */
  place: undefined,
  /** @type {RoomNews | undefined} */
  room: undefined,
  /** @type {import('../../types/messages.js').StatsNews | undefined} */
  stats: undefined,
  /** What one is, as it is called. */
  archetype: '',
  isDead: false,
  items: /** @type {CarriedItem[]} */ ([]),
  /** Numbers of effects that one bears. */
  effects: /** @type {number[]} */ ([]),
  log: /** @type {Line[]} */ ([]),
  struck: /** @type {Struck[]} */ ([]),
  /** Counts lines and blows. */
  last: 0,
  /** How each door stands whose change was told, by its key. */
  doors: /** @type {Record<string, import('../../types/messages.js').DoorState>} */ ({}),
  /** The tick in which a door of this room was told to change. */
  doorTick: -1,
  /** What rooms are called, by their keys, as far as one was told in one's language. */
  roomNames: /** @type {Record<string, string>} */ ({}),
  /** Counts what has changed of the ground. */
  ground: 0,
  /** Whose name a look was to tell that nobody typed. */
  asking: /** @type {number | undefined} */ (undefined),
  /** Names of characters by their avatars. */
  names: /** @type {Record<number, string>} */ ({}),
  /** @type {{ number: number, words: string[] }} */
  completions: { number: 0, words: [] },
  /** Who is meant by attacks and words about somebody. */
  target: /** @type {number | undefined} */ (undefined),
  ...dealt,
};

/** @typedef {typeof initial} World */

/** @param {World} state @param {Omit<Line, 'number'>} line @returns {World} */
function logged(state, line) {
  const last = state.last + 1;
  return { ...state, last, log: [...state.log, { ...line, number: last }].slice(-LOG_MAX) };
}

/** @param {string} id @returns {Line['kind']} */
const kindOf = (id) => (id === 'room' ? 'room' : BAD.has(id) || id.startsWith('no-') ? 'bad' : GOOD.has(id) ? 'good' : 'told');

/**
 * Something was told in words.
 * @param {World} state
 * @param {number} tick
 * @param {{ id: string, arguments: [string, string][], words: string }} told
 * @returns {World}
 */
function told(state, tick, { id, arguments: pairs, words }) {
  const named = Object.fromEntries(pairs);
  if (state.asking !== undefined && (id === 'looks-at' || id === 'no-such-thing')) {
    const names = id === 'looks-at' ? { ...state.names, [state.asking]: named.what } : state.names;
    return { ...state, names, asking: undefined };
  }
  let next = dealTold(logged(state, { kind: kindOf(id), words }), id, named, words);
  if (DOORS.has(id)) next = { ...next, doorTick: tick };
  if (id === 'you-die') next = { ...next, isDead: true, target: undefined };
  else if (id === 'you-wake') next = { ...next, isDead: false };
  else if (id === 'stats') next = { ...next, archetype: named.archetype ?? '' };
  else if (id === 'goodbye') next = { ...next, stage: 'leaving' };
  return next;
}

/**
 * A door has changed. One of this room is told in words just before, and its exit is the one that had the version before.
 * @param {World} state
 * @param {number} tick
 * @param {{ key: string, state: import('../../types/messages.js').DoorState, version: number }} door
 * @returns {World}
 */
function turned(state, tick, { key, state: stand, version }) {
  const next = { ...state, doors: { ...state.doors, [key]: stand } };
  if (!state.room || tick !== state.doorTick) return next;
  const at = state.room.exits.findIndex(({ door }) => door && door.version + 1 === version && door.state !== stand);
  const exits = state.room.exits.map((exit, index) => (index === at ? { ...exit, door: { state: stand, version } } : exit));
  return { ...next, room: { ...state.room, exits } };
}

/** @param {World} state @param {number} tick @param {WorldNews | undefined} news @returns {World} */
function heard(state, tick, news) {
  if (typeof news !== 'object') return state;
  if ('told' in news) return told(state, tick, /** @type {any} */ (news.told));
  if ('room' in news) return { ...state, room: news.room, roomNames: { ...state.roomNames, [news.room.key]: news.room.name } };
  if ('stats' in news) return { ...state, stats: news.stats, isDead: news.stats.hp === 0 };
  if ('door' in news) return turned(state, tick, news.door);
  if ('completions' in news) return { ...state, completions: { number: state.completions.number + 1, words: news.completions.words } };
  if ('wares' in news) return { ...state, wares: news.wares };
  if ('table' in news) {
    const name = state.trade?.name || state.names[news.table.with] || '';
    return { ...state, trade: { stage: 'open', name, table: news.table, own: false, their: false } };
  }
  return state;
}

/** @param {World} state @param {GameEvent} event @returns {World} */
function happened(state, event) {
  const own = state.place?.avatar;
  const strike = (/** @type {Omit<Struck, 'number'>} */ one) => {
    const last = state.last + 1;
    return { ...state, last, struck: [...state.struck, { ...one, number: last }].slice(-STRUCK_MAX) };
  };
  if ('damaged' in event) {
    const { target, amount, critical } = event.damaged;
    return strike({ what: 'damage', who: target, amount, isCritical: critical });
  }
  if ('healed' in event) return strike({ what: 'heal', who: event.healed.target, amount: event.healed.amount, isCritical: false });
  if ('dodged' in event) return strike({ what: 'dodge', who: event.dodged.target, amount: 0, isCritical: false });
  const deed = 'cast_began' in event ? event.cast_began : 'swung' in event && event.swung;
  if (deed) return strike({ what: 'deed', who: deed.who, amount: 0, isCritical: false, event });
  if ('effect_began' in event && event.effect_began.who === own) {
    const { effect } = event.effect_began;
    return state.effects.includes(effect) ? state : { ...state, effects: [...state.effects, effect] };
  }
  if ('effect_ended' in event && event.effect_ended.who === own) {
    return { ...state, effects: state.effects.filter((effect) => effect !== event.effect_ended.effect) };
  }
  if ('died' in event && event.died.who === state.target) return { ...state, target: undefined };
  return state;
}

/** Out of every place; what was told last stays to be read. @param {World} state @returns {World} */
const out = ({ log, last }) => ({ ...initial, log, last });

export const world = {
  initial,
  on: {
    'link/logged_out': () => initial,
    /** @param {World} state @param {ServerPayloads['welcome']} welcome @returns {World} */
    'link/connected': (state, { current_match: current }) => (current === null || current === undefined ? out(state) : state),
    /** @param {World} state @param {import('./place.js').Begun} place @returns {World} */
    'server/match_started': (state, place) => {
      if (place.kind === 'match') return state.stage === 'out' ? state : out(state);
      const isSame = state.place && String(state.place.match_id) === String(place.match_id) && state.place.avatar === place.avatar;
      if (isSame) return { ...state, stage: 'in', place };
      return { ...state, ...dealt, stage: 'in', place, room: undefined, effects: [], struck: [], doors: {}, roomNames: {}, names: {}, asking: undefined, target: undefined };
    },
    /** What a visit was worth comes after goodbye; what is told of an earlier one changes nothing. @param {World} state @returns {World} */
    'server/settled': (state) => (state.stage === 'leaving' ? out(state) : state),
    /** @param {World} state @param {{ code: string, about?: string, status?: number }} error @returns {World} */
    'link/error': (state, error) => (state.stage !== 'out' && isUndone(error) ? out(state) : state),
    /** @param {World} state @param {{ tick: number, news?: WorldNews }} payload @returns {World} */
    'server/told': (state, { tick, news }) => (state.stage === 'out' ? state : heard(state, tick, news)),
    /** @param {World} state @param {{ items: CarriedItem[] }} payload @returns {World} */
    'server/inventory': (state, { items }) => (state.stage === 'out' ? state : { ...state, items }),
    /** @param {World} state @param {{ events: GameEvent[] }} payload @returns {World} */
    'server/events': (state, { events }) => (state.stage === 'out' ? state : events.reduce(happened, state)),
    /** @param {World} state @param {import('../../types/messages.js').ChatLine} line @returns {World} */
    'server/chat_line': (state, { text, channel, from }) =>
      state.stage === 'out' ? state : logged(state, { kind: 'chat', words: text, channel, from }),
    /** @param {World} state @param {{ text: string }} notice @returns {World} */
    'server/chat_notice': (state, { text }) => (state.stage === 'out' ? state : logged(state, { kind: 'told', words: text })),
    /** @param {World} state @returns {World} */
    'link/ground': (state) => ({ ...state, ground: state.ground + 1 }),
    /** @param {World} state @param {{ who?: number }} asked @returns {World} */
    'ui/world_asking': (state, { who }) => (who === state.asking ? state : { ...state, asking: who }),
    /** @param {World} state @param {{ words: string }} line @returns {World} */
    'ui/world_typed': (state, { words }) => logged(state, { kind: 'typed', words }),
    /** @param {World} state @param {{ target?: number }} meant @returns {World} */
    'ui/world_target': (state, { target }) => (target === state.target ? state : { ...state, target }),
    /** @param {World} state @param {Partial<import('./deals.js').Deals>} change @returns {World} */
    'ui/world_deal': (state, change) => ({ ...state, ...change }),
  },
};
