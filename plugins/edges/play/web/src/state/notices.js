// What the page tells in passing: what was refused, and news that need no screen.

/** @typedef {{ number: number, kind: 'error' | 'news', words: string, code: string }} Notice */

/** Notices that stand at once; the oldest goes first. */
const SHOWN_MAX = 4;

/** @param {Notices} state @param {Omit<Notice, 'number'>} notice */
function added(state, notice) {
  const next = state.next + 1;
  // The same words once more are the same notice, told anew; and of all that did not arrive one is told.
  const isSame = (/** @type {Notice} */ { words, code }) => words === notice.words || (code !== '' && code === notice.code && UNREACHED.has(code));
  return { next, shown: [...state.shown.filter((each) => !isSame(each)), { ...notice, number: next }].slice(-SHOWN_MAX) };
}

/** Codes of what did not arrive: the page has better words for it than an address. */
export const UNREACHED = new Set(['unreachable', 'timeout', 'not_connected']);

const initial = { next: 0, shown: /** @type {Notice[]} */ ([]) };

/** @typedef {typeof initial} Notices */

export const notices = {
  initial,
  on: {
    /** @param {Notices} state @param {{ code: string, message: string }} error */
    'link/error': (state, { code, message }) => added(state, { kind: 'error', words: message, code }),
    /** @param {Notices} state @param {{ words: string }} news */
    'ui/news': (state, { words }) => added(state, { kind: 'news', words, code: '' }),
    /** @param {Notices} state @param {{ number: number }} notice */
    'ui/notice_seen': (state, { number }) => ({ ...state, shown: state.shown.filter((notice) => notice.number !== number) }),
    'link/logged_out': (/** @type {Notices} */ state) => (state.shown.length ? { ...state, shown: [] } : state),
  },
};
