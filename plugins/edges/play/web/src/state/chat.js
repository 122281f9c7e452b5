// What people say, by channel: lines, what is unread, and whom one does not hear.

/** @typedef {import('../../types/messages.js').ChatChannel} ChatChannel */
/** @typedef {import('../../types/messages.js').ChatLine} ChatLine */

/** Channels in the order in which they are shown. */
export const CHANNELS = /** @type {const} */ (['room', 'zone', 'party', 'whisper', 'global']);
/** Lines that are kept of a channel. */
const LINES_MAX = 400;

/** @template T @param {T} each @returns {Record<ChatChannel, T>} */
const ofEach = (each) => ({ room: each, zone: each, party: each, whisper: each, global: each });

const initial = {
  /** What is shown: a channel, or all that is told. @type {ChatChannel | 'all'} */
  open: 'all',
  lines: ofEach(/** @type {ChatLine[]} */ ([])),
  unread: ofEach(0),
  /** The line before which to ask for more: 0 where there are none; missing where nothing was asked yet. */
  before: ofEach(/** @type {number | bigint | undefined} */ (undefined)),
  /** @type {Record<string, 'muted' | 'blocked'>} */
  ignored: {},
  /** To whom one whispers. */
  to: '',
  /** Oneself, so that what one says is not unread. */
  self: '',
};

/** @typedef {typeof initial} Chat */

/** Lines with others among them, each once and the oldest first. @param {ChatLine[]} lines @param {ChatLine[]} more */
function merged(lines, more) {
  const known = new Set(lines.map(({ id }) => String(id)));
  const fresh = more.filter(({ id }) => !known.has(String(id)));
  if (fresh.length === 0) return lines;
  return [...lines, ...fresh].sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1)).slice(-LINES_MAX);
}

export const chat = {
  initial,
  on: {
    'link/logged_out': () => initial,
    /** After a cut the newest lines are to be asked for again: some may have been missed. @param {Chat} state @param {{ name: string }} welcome */
    'link/connected': (state, { name }) => ({ ...state, self: name, before: initial.before }),
    /** @param {Chat} state @param {ChatLine} line */
    'server/chat_line': (state, line) => {
      const { channel, from, to } = line;
      const lines = { ...state.lines, [channel]: merged(state.lines[channel], [line]) };
      const isRead = state.open === channel || state.open === 'all' || from === state.self;
      const unread = isRead ? state.unread : { ...state.unread, [channel]: state.unread[channel] + 1 };
      const other = from === state.self ? to : from;
      return { ...state, lines, unread, to: channel === 'whisper' && !state.to ? other : state.to };
    },
    /** @param {Chat} state @param {{ channel: ChatChannel, lines: ChatLine[], before: number | bigint }} page */
    'server/chat_page': (state, { channel, lines, before }) => ({
      ...state,
      lines: { ...state.lines, [channel]: merged(state.lines[channel], lines) },
      before: { ...state.before, [channel]: before },
    }),
    /** @param {Chat} state @param {{ notice: import('../../types/messages.js').ChatNotice, name: string }} notice */
    'server/chat_notice': (state, { notice, name }) => {
      if (notice === 'muted' || notice === 'blocked') return { ...state, ignored: { ...state.ignored, [name]: notice } };
      if (notice !== 'heard') return state;
      const { [name]: _, ...ignored } = state.ignored;
      return { ...state, ignored };
    },
    /** @param {Chat} state @param {{ channel: ChatChannel | 'all' }} chosen */
    'ui/chat_open': (state, { channel }) => ({
      ...state,
      open: channel,
      unread: channel === 'all' ? initial.unread : { ...state.unread, [channel]: 0 },
    }),
    /** @param {Chat} state @param {{ to: string }} chosen */
    'ui/chat_to': (state, { to }) => (to === state.to ? state : { ...state, to, before: { ...state.before, whisper: undefined } }),
  },
};
