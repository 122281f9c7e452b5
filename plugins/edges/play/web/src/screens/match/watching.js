// Watching the rest: the way to it from the end, and the bar that says by whose eyes one sees.

import { h, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../../types/messages.js').Watched} Watched */

/** Asks to see by other eyes. @param {Context} context @param {Watched} whom */
async function watch({ store, link }, whom) {
  const id = store.state.match.match?.match_id;
  if (id !== undefined) await link.client?.watch(id, whom);
}

/** Shown once one's part is settled while the others play on, where the mode lets one watch. @param {Context} context */
export function watchButton(context) {
  const { store, words } = context;
  const element = h('button', { hidden: true, onclick: () => void begin() }, words.say('match-watch'));
  const begin = () =>
    watch(context, 'next').catch(() => {
      text(element, words.say('match-watch-none'));
      element.disabled = true;
    });
  return {
    element,
    show() {
      const { match, content } = store.state;
      const rule = rowOf(content, 'modes', match.match?.mode ?? '')?.watch ?? 'nobody';
      element.hidden = !match.settled || match.ended !== undefined || match.isGone || rule === 'nobody';
    },
  };
}

/** What keys do while one watches. @type {Record<string, Watched>} */
const KEYS = { left: 'previous', right: 'next', stop: 'nobody' };

/** @param {Context} context */
export function watchBar(context) {
  const { store, words } = context;
  const name = h('b', {});
  // Where nobody else is to be seen it stays as it is.
  const turn = (/** @type {Watched} */ whom) => void watch(context, whom).catch(() => undefined);
  const buttons = Object.values(KEYS).map((whom) => h('button', { onclick: () => turn(whom) }, words.say(`match-watch-${whom}`)));
  const element = h('div', { class: 'match-watch', role: 'group', 'aria-label': words.say('match-watch'), hidden: true }, name, ...buttons);
  return {
    element,
    /** Whether a key means something here. @param {string} action */
    pressed(action) {
      const whom = store.state.match.watched && KEYS[action];
      if (whom) turn(whom);
      return whom !== undefined;
    },
    /** Returns what is to be said of it. */
    show() {
      const { watched } = store.state.match;
      const isNew = element.hidden && watched !== undefined;
      element.hidden = !watched;
      // What was pressed to come here is hidden from now on: keys go on from here, unless somebody is writing.
      if (isNew && !(document.activeElement instanceof HTMLInputElement)) buttons[1].focus({ preventScroll: true });
      const said = watched ? words.say('match-watching', { who: watched.name }) : '';
      text(name, said);
      return said;
    },
  };
}
