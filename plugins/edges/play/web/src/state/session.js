// Who is logged in, and how the connection stands.

/**
 * `out`: nobody is logged in; `connecting`; `open`; `waiting`: it comes back by itself; `elsewhere`: another tab or device has taken
 * it; `closed`: it has ended for another reason.
 * @typedef {'out' | 'connecting' | 'open' | 'waiting' | 'elsewhere' | 'closed'} Stand
 */

const initial = {
  stand: /** @type {Stand} */ ('out'),
  accountId: /** @type {number | undefined} */ (undefined),
  characterId: /** @type {number | undefined} */ (undefined),
  name: '',
  /** @type {import('../../sdk/session.js').Welcome | undefined} */
  welcome: undefined,
  /** Which try to come back this is, and why there are any. */
  attempt: 0,
  reason: '',
};

/** @typedef {typeof initial} Session */

export const session = {
  initial,
  on: {
    /** @param {Session} state @param {{ accountId: number }} login */
    'link/logged_in': (state, { accountId }) => ({ ...initial, stand: /** @type {Stand} */ ('connecting'), accountId }),
    'link/logged_out': () => initial,
    /** @param {Session} state @param {{ characterId?: number }} wish */
    'link/connecting': (state, { characterId }) => ({ ...state, stand: /** @type {Stand} */ ('connecting'), characterId }),
    /** @param {Session} state @param {import('../../sdk/session.js').Welcome} welcome */
    'link/connected': (state, welcome) => ({ ...state, stand: /** @type {Stand} */ ('open'), name: welcome.name, welcome, attempt: 0, reason: '' }),
    /** @param {Session} state @param {{ attempt: number, error: Error }} lost */
    'link/reconnecting': (state, { attempt, error }) => ({ ...state, stand: /** @type {Stand} */ ('waiting'), attempt, reason: error.message }),
    /** @param {Session} state @param {import('../../sdk/errors.js').HypogeumError} error */
    'link/closed': (state, error) => ({
      ...state,
      stand: /** @type {Stand} */ (error.closeCode === 4409 ? 'elsewhere' : 'closed'),
      reason: error.message,
    }),
  },
};
