// Who is logged in, how the connection stands, and which match or place of the world one is in.

import { isUndone } from './place.js';

/**
 * `out`: nobody is logged in; `connecting`; `open`; `waiting`: it comes back by itself; `elsewhere`: another tab or device has taken
 * it; `closed`: it has ended for another reason.
 * @typedef {'out' | 'connecting' | 'open' | 'waiting' | 'elsewhere' | 'closed'} Stand
 *
 * Where somebody is: a match of one of the welcome's modes, or else a place of the world.
 * @typedef {{ kind: 'match' | 'world', id: number | bigint, mode: string }} Place
 */

const initial = {
  stand: /** @type {Stand} */ ('out'),
  /** Whether it is known by now if there is a login: until then neither the gate nor anything else is shown. */
  isKnown: false,
  accountId: /** @type {number | undefined} */ (undefined),
  characterId: /** @type {number | undefined} */ (undefined),
  name: '',
  /** @type {import('../../sdk/session.js').Welcome | undefined} */
  welcome: undefined,
  /** @type {Place | undefined} */
  place: undefined,
  /** Goodbye was said to the world: what is settled next is this visit. */
  isLeaving: false,
  /** Which try to come back this is, and why there are any, or why one was logged out. */
  attempt: 0,
  reason: '',
};

/** @typedef {typeof initial} Session */

/** @param {Stand} stand */
const standing = (stand) => stand;

/** In nothing any more, whatever the last welcome said. @param {Session} state @returns {Session} */
const free = (state) =>
  state.place ? { ...state, place: undefined, isLeaving: false, welcome: state.welcome && { ...state.welcome, current_match: null } } : state;

export const session = {
  initial,
  on: {
    /** @param {Session} state @param {{ accountId: number }} login */
    'link/logged_in': (state, { accountId }) => ({ ...initial, isKnown: true, stand: standing('connecting'), accountId }),
    /** @param {Session} state @param {{ reason?: string } | undefined} why */
    'link/logged_out': (state, why) => ({ ...initial, isKnown: true, reason: why?.reason ?? '' }),
    /** @param {Session} state @param {{ characterId?: number }} wish */
    'link/connecting': (state, { characterId }) => ({ ...state, stand: standing('connecting'), characterId, attempt: 0, reason: '' }),
    /** @param {Session} state @param {import('../../sdk/session.js').Welcome} welcome */
    'link/connected': (state, welcome) => ({
      ...state,
      stand: standing('open'),
      name: welcome.name,
      welcome,
      place: welcome.current_match === null ? undefined : state.place,
      isLeaving: false,
      attempt: 0,
      reason: '',
    }),
    /** @param {Session} state @param {{ attempt: number, error: Error }} lost */
    'link/reconnecting': (state, { attempt, error }) => ({ ...state, stand: standing('waiting'), attempt, reason: error.message }),
    /** @param {Session} state @param {import('../../sdk/errors.js').HypogeumError} error */
    'link/closed': (state, error) => ({
      ...state,
      stand: standing(error.closeCode === 4409 || error.code === 'taken_over' ? 'elsewhere' : 'closed'),
      reason: error.message,
    }),
    /** @param {Session} state @param {import('./place.js').Begun} begun */
    'server/match_started': (state, { match_id: id, mode, kind }) => ({ ...state, isLeaving: false, place: /** @type {Place} */ ({ kind, id, mode }) }),
    /** @param {Session} state @param {{ news?: any }} told */
    'server/told': (state, { news }) => (state.place?.kind === 'world' && news?.told?.id === 'goodbye' ? { ...state, isLeaving: true } : state),
    /** @param {Session} state @param {import('./place.js').ServerPayloads['watching']} watching */
    'server/watching': (state, { match_id: id, avatar }) => (avatar === 0 && String(state.place?.id) === String(id) ? free(state) : state),
    /** @param {Session} state @param {{ code: string, about?: string, status?: number }} error */
    'link/error': (state, error) => (isUndone(error) ? free(state) : state),
    /**
     * A visit to the world is settled under a number of its own, and may be so when another one has begun.
     * @param {Session} state @param {{ match_id: number | bigint }} settled
     */
    'server/settled': (state, { match_id: id }) => {
      const isOver = state.place && (state.place.kind === 'world' ? state.isLeaving : String(state.place.id) === String(id));
      return isOver ? free(state) : state;
    },
  },
};
