// What one has on with others in the world: a trade, a shop, a talk, a group. Parts of the world's state.

/**
 * `asked`: they have asked; `asking`: one has asked oneself; `open`: things lie on a table. `own` and `their` say who has agreed to it.
 * @typedef {{ stage: 'asked' | 'asking' | 'open', name: string, table?: import('../../types/messages.js').TableNews, own: boolean, their: boolean }} Trade
 *
 * @typedef {{ who: number, name: string, said: { isOwn: boolean, words: string }[] }} Talk
 */

/** Lines of a talk that are kept. */
const SAID_MAX = 40;

/** Nothing is on. */
export const dealt = {
  /** @type {Trade | undefined} */
  trade: undefined,
  /** @type {import('../../types/messages.js').WaresNews | undefined} */
  wares: undefined,
  /** @type {Talk | undefined} */
  talk: undefined,
  /** Who is in one's group, in words; empty: one is in none. */
  group: '',
  /** Who has asked one into a group. */
  invitedBy: '',
  /** Counts who came and went. */
  groupChanges: 0,
};

/** @typedef {typeof dealt} Deals */

/**
 * Follows trades, talks and groups by what is told of them.
 * @template {Deals} S
 * @param {S} state
 * @param {string} id of the message
 * @param {Record<string, string>} named its arguments
 * @param {string} words the whole of it
 * @returns {S}
 */
export function dealTold(state, id, named, words) {
  const who = named.who ?? '';
  switch (id) {
    case 'asks-to-trade':
      return { ...state, trade: { stage: 'asked', name: who, own: false, their: false } };
    case 'you-ask-to-trade':
      return { ...state, trade: { stage: 'asking', name: who, own: false, their: false } };
    case 'trade-begins':
      return { ...state, trade: { stage: 'open', name: who, own: false, their: false } };
    case 'trade-agreed':
      if (!state.trade) return state;
      return { ...state, trade: { ...state.trade, ...(who === state.trade.name ? { their: true } : { own: true }) } };
    case 'trade-done':
    case 'trade-off':
    case 'no-trade':
      return { ...state, trade: undefined };
    case 'says':
    case 'says-nothing':
      if (!state.talk || who.toLowerCase() !== state.talk.name.toLowerCase()) return state;
      return { ...state, talk: said(state.talk, false, named.words ?? words) };
    case 'asks-to-group':
      return { ...state, invitedBy: who };
    case 'group':
      return { ...state, group: who, invitedBy: '' };
    case 'joins-group':
    case 'leaves-group':
      return { ...state, invitedBy: '', groupChanges: state.groupChanges + 1 };
    case 'no-group':
    case 'no-invitation':
      return { ...state, group: id === 'no-group' ? '' : state.group, invitedBy: '' };
    default:
      return state;
  }
}

/** @param {Talk} talk @param {boolean} isOwn @param {string} words @returns {Talk} */
export const said = (talk, isOwn, words) => ({ ...talk, said: [...talk.said, { isOwn, words }].slice(-SAID_MAX) });
