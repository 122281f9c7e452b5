// Who killed whom, lately.

import { h, keep } from '../../dom.js';
import { ownOf } from '../../state/match.js';

/** @param {import('../../router.js').Context} context @param {() => (id: number) => string} namer */
export function feed({ store, words }, namer) {
  const element = h('div', { class: 'match-feed', role: 'log', 'aria-live': 'polite', 'aria-label': words.say('match-feed') });
  return {
    element,
    show() {
      const { deaths } = store.state.match;
      const own = ownOf(store.state.match);
      // Names are those of the moment: a machine that is gone is not known later.
      keep(element, deaths, ({ number }) => number, ({ who, by }) => {
        const name = namer();
        const names = { who: name(who), by: name(by) };
        const isOwn = who === own || by === own;
        const how = by === 0 || by === who ? 'died' : 'killed';
        const id = who === own ? (how === 'died' ? 'you-died' : 'killed-you') : by === own ? 'you-killed' : how;
        return h('p', { class: isOwn ? 'own' : null }, words.say(`match-${id}`, names));
      });
    },
  };
}
