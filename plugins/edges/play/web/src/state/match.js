// The match one is in: what the messages say of it. Where things are changes many times a second and is asked of the lane instead.

import { isUndone } from './place.js';

/**
 * @typedef {import('../../types/messages.js').ServerPayloads} Payloads
 * @typedef {import('../../types/messages.js').GameEvent} GameEvent
 * @typedef {{ number: number, who: number, by: number, tick: number }} Death somebody's end; `by` is 0 where nobody did it
 * @typedef {{ by: number, amount: number, tick: number }} Hurt
 * @typedef {import('../../types/messages.js').DamageCause} DamageCause
 * @typedef {{ kind: 'died' | 'extracted', by: number, tick: number, hurt?: Hurt, cause?: DamageCause }} Fate
 * @typedef {'none' | 'deploy' | 'live' | 'over' | 'settled' | 'gone'} Stage
 */

/** Deaths that are kept for the feed. */
const DEATHS_MAX = 6;
/** Names that are kept: those of a match of 256, and of a larger one those met lately. */
const NAMES_MAX = 512;

const initial = {
  match: /** @type {Payloads['match_started'] | undefined} */ (undefined),
  phase: /** @type {Payloads['phase'] | undefined} */ (undefined),
  /** Names by avatars. @type {Readonly<Record<number, string>>} */
  names: {},
  /** @type {Payloads['scoreboard']['rows']} */
  scores: [],
  /** @type {Payloads['inventory']['items']} */
  items: [],
  /** The newest last. @type {readonly Death[]} */
  deaths: [],
  deathsTold: 0,
  /** Participants that one has killed, as far as one was told. */
  kills: 0,
  /** Exits by their numbers that were told to have changed. @type {Readonly<Record<number, boolean>>} */
  exits: {},
  /** Effects on the avatar by their numbers. @type {readonly number[]} */
  effects: [],
  /** Who hurt the avatar last. */
  hurt: /** @type {Hurt | undefined} */ (undefined),
  /** What took its last hit points. */
  cause: /** @type {DamageCause | undefined} */ (undefined),
  /** How it ended for the avatar, as the match tells it. */
  fate: /** @type {Fate | undefined} */ (undefined),
  /** The last act that was refused. */
  refused: /** @type {{ seq: number, code: string } | undefined} */ (undefined),
  /** The own avatar, where `match.avatar` is the one by whose eyes the rest is seen. */
  own: /** @type {number | undefined} */ (undefined),
  /** Whom one watches. */
  watched: /** @type {{ avatar: number, name: string } | undefined} */ (undefined),
  settled: /** @type {Payloads['settled'] | undefined} */ (undefined),
  ended: /** @type {Payloads['match_ended'] | undefined} */ (undefined),
  /** The server knows of it no more. */
  isGone: false,
  /** The line one waits in. */
  queued: /** @type {Payloads['queued'] | undefined} */ (undefined),
};

/** @typedef {typeof initial} Match */

/** @param {number | bigint | undefined} one @param {number | bigint} other */
const isSame = (one, other) => one !== undefined && String(one) === String(other);

/** @param {import('../../types/messages.js').ErrorCode} code */
const wordOf = (code) => (typeof code === 'string' ? code : (Object.keys(code)[0] ?? ''));

/** One's own avatar: also once it is gone, and the rest of the match is seen by the eyes of another. @param {Match} state */
export const ownOf = ({ match: started, own, watched }) => (watched ? own : started?.avatar);

/** @param {Match} state @param {number} who @param {number} by @param {number} tick @returns {Match} */
function died(state, who, by, tick) {
  const avatar = ownOf(state);
  const isOwn = who === avatar;
  // Of beasts only those that one has killed oneself are told. In a match without a list of names nobody knows who is who.
  const isTold = isOwn || by === avatar || who in state.names || !Object.keys(state.names).length;
  if (!isTold) return state;
  const kills = state.kills + Number(by === avatar && who in state.names && !isOwn);
  const next = { ...state, kills, fate: isOwn ? { kind: /** @type {const} */ ('died'), by, tick, hurt: state.hurt, cause: state.cause } : state.fate };
  const number = state.deathsTold + 1;
  return { ...next, deathsTold: number, deaths: [...state.deaths, { number, who, by, tick }].slice(-DEATHS_MAX) };
}

/** @param {Match} state @param {number} tick @param {GameEvent} event @returns {Match} */
function happened(state, tick, event) {
  const avatar = ownOf(state);
  if ('damaged' in event) {
    const { source, target, amount } = event.damaged;
    return target === avatar ? { ...state, hurt: { by: source, amount, tick } } : state;
  }
  if ('defeated' in event) {
    const { who, cause } = event.defeated;
    // Who bleeds out dies of what laid it low.
    return who === avatar && (cause !== 'other' || !state.cause) ? { ...state, cause } : state;
  }
  if ('revived' in event && event.revived.who === avatar) return { ...state, cause: undefined };
  if ('died' in event) return died(state, event.died.who, event.died.by, tick);
  if ('extracted' in event) {
    return event.extracted.who === avatar ? { ...state, fate: { kind: 'extracted', by: 0, tick } } : state;
  }
  if ('effect_began' in event) {
    const { who, effect } = event.effect_began;
    return who === avatar && !state.effects.includes(effect) ? { ...state, effects: [...state.effects, effect] } : state;
  }
  if ('effect_ended' in event) {
    const { who, effect } = event.effect_ended;
    return who === avatar ? { ...state, effects: state.effects.filter((each) => each !== effect) } : state;
  }
  if ('exit_changed' in event) return { ...state, exits: { ...state.exits, [event.exit_changed.exit]: event.exit_changed.open } };
  if ('refused' in event) return { ...state, refused: { seq: event.refused.seq, code: wordOf(event.refused.code) } };
  return state;
}

/** @param {Match} state @param {Payloads['roster']} roster */
function named(state, { match_id: id, players }) {
  if (!isSame(state.match?.match_id, id)) return state;
  const told = Object.fromEntries(players.map(({ avatar, name }) => [avatar, name]));
  const kept = Object.entries(state.names).filter(([avatar]) => !(avatar in told));
  const room = Math.max(0, NAMES_MAX - players.length);
  return { ...state, names: { ...Object.fromEntries(room > 0 ? kept.slice(-room) : []), ...told } };
}

export const match = {
  initial,
  on: {
    /** After a cut the same match is told again: what is known of it stays. @param {Match} state @param {import('./place.js').Begun} started */
    'server/match_started': (state, started) => {
      if (started.kind !== 'match') return state.match ? { ...initial, settled: state.settled, ended: state.ended } : state;
      if (isSame(state.match?.match_id, started.match_id)) {
        // Only whoever is done watches: a page that was loaded meanwhile was told of no other avatar than that of whom it watches.
        const own = state.own ?? (state.settled && state.match?.avatar);
        return { ...state, own, match: started, isGone: false, queued: undefined };
      }
      return { ...initial, match: started };
    },
    /** @param {Match} state @param {Payloads['phase']} phase */
    'server/phase': (state, phase) => ({ ...state, phase }),
    'server/roster': named,
    /** @param {Match} state @param {Payloads['scoreboard']} board */
    'server/scoreboard': (state, { match_id: id, rows, own }) =>
      isSame(state.match?.match_id, id) ? { ...state, scores: own ? [...rows, own] : rows } : state,
    /** @param {Match} state @param {Payloads['inventory']} inventory */
    'server/inventory': (state, { items }) => ({ ...state, items }),
    /** @param {Match} state @param {{ tick: number, events: GameEvent[] }} told */
    'server/events': (state, { tick, events }) => events.reduce((so, event) => happened(so, tick, event), state),
    /** It comes again where the server does not know that it arrived. @param {Match} state @param {Payloads['settled']} settled */
    'server/settled': (state, settled) =>
      isSame(state.match?.match_id, settled.match_id) && !state.settled ? { ...state, settled, effects: [] } : state,
    /** By whose eyes the rest is seen: the match was told again before. @param {Match} state @param {Payloads['watching']} watching @returns {Match} */
    'server/watching': (state, { match_id: id, avatar, name }) => {
      if (!state.match || !isSame(state.match.match_id, id)) return state;
      if (avatar > 0) return { ...state, watched: { avatar, name }, match: { ...state.match, avatar }, effects: [], items: [] };
      // A page that was loaded meanwhile does not know how it ended for oneself.
      return state.settled ? { ...state, watched: undefined, match: { ...state.match, avatar: state.own ?? 0 } } : initial;
    },
    /** @param {Match} state @param {Payloads['match_ended']} ended */
    'server/match_ended': (state, ended) => (isSame(state.match?.match_id, ended.match_id) ? { ...state, ended } : state),
    /** @param {Match} state @param {Payloads['queued']} queued */
    'server/queued': (state, queued) => ({ ...state, queued }),
    /** @param {Match} state */
    'server/unqueued': (state) => ({ ...state, queued: undefined }),
    /** @param {Match} state @param {{ current_match?: number | bigint | null }} welcome */
    'link/connected': (state, { current_match: current }) => {
      const isGone = state.match !== undefined && !isSame(state.match.match_id, current ?? -1);
      return { ...state, isGone, watched: undefined, queued: undefined };
    },
    /** The server undoes a match that it cannot go on with. @param {Match} state @param {{ code: string, about?: string, status?: number }} error */
    'link/error': (state, error) => (isUndone(error) ? { ...state, queued: undefined, isGone: state.isGone || (state.match !== undefined && !state.settled) } : state),
    'server/loadout_open': (/** @type {Match} */ state) => ({ ...state, queued: undefined }),
    'link/logged_out': () => initial,
    /** Somebody has seen how it ended, and goes on. */
    'ui/match_left': () => initial,
  },
};

/** @param {Match} state @returns {Stage} */
export function stageOf({ match: started, phase, settled, isGone, watched }) {
  if (!started) return 'none';
  if (watched) return phase?.phase ?? 'live';
  if (settled) return 'settled';
  if (isGone) return 'gone';
  return phase?.phase ?? 'deploy';
}

/** Whether an exit is open at a tick. @param {Match} state @param {number} number of the exit @param {number} tick */
export function isExitOpen({ match: started, exits }, number, tick) {
  const exit = started?.exits[number];
  if (!exit) return false;
  return exits[number] ?? (exit.opens_tick <= tick && tick < exit.closes_tick);
}

/**
 * Who stands where while the match runs: as the board says where there is one, else as one has seen it. The best first.
 * @param {Match} state
 * @returns {{ avatar: number, name: string, kills: number, outcome: string }[]}
 */
export function standings({ match: started, names, scores }) {
  const told = new Map(scores.map((row) => [row.avatar, row]));
  const rows = scores.map(({ avatar, kills, outcome }) => ({ avatar, name: names[avatar] ?? '', kills, outcome: outcome ?? '' }));
  const others = Object.entries(names)
    .filter(([avatar]) => !told.has(Number(avatar)))
    .map(([avatar, name]) => ({ avatar: Number(avatar), name, kills: 0, outcome: '' }));
  others.sort((one, other) => Number(other.avatar === started?.avatar) - Number(one.avatar === started?.avatar));
  return [...rows, ...others];
}
