// What the page tells in passing: what was refused, and news that need no screen.

/** @typedef {{ number: number, kind: 'error' | 'news', words: string, code: string }} Notice */

/** Notices that stand at once; the oldest goes first. */
const SHOWN_MAX = 4;

/** @param {Notices} state @param {Omit<Notice, 'number'>} notice */
function added(state, notice) {
  const next = state.next + 1;
  // The same words once more are the same notice, told anew.
  const others = state.shown.filter(({ words }) => words !== notice.words);
  return { next, shown: [...others, { ...notice, number: next }].slice(-SHOWN_MAX) };
}

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
  },
};
