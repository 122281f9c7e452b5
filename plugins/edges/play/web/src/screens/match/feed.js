// Who killed whom, lately.

import { h, keep } from '../../dom.js';

/** @param {import('../../router.js').Context} context @param {() => (id: number) => string} namer */
export function feed({ store, words }, namer) {
  const element = h('ol', { class: 'match-feed', role: 'log', 'aria-live': 'polite', 'aria-label': words.say('match-feed') });
  return {
    element,
    show() {
      const { deaths, match } = store.state.match;
      const own = match?.avatar;
      // Names are those of the moment: a machine that is gone is not known later.
      keep(element, deaths, ({ number }) => number, ({ who, by }) => {
        const name = namer();
        const said = by === 0 ? words.say('match-died', { who: name(who) }) : words.say('match-killed', { by: name(by), who: name(who) });
        return h('li', { class: who === own || by === own ? 'own' : null }, said);
      });
    },
  };
}
