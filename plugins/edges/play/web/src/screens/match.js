// The match: what one sees of it and does in it while there is one, else the way to one.

import { play } from './match/play.js';
import { waiting } from './match/waiting.js';

/** @type {import('../router.js').Screen} */
export const match = (root, context, rest) => {
  let shown = '';
  let end = () => {};
  const off = context.store.watch(
    ({ match: { match: started } }) => (started ? String(started.match_id) : 'none'),
    (which) => {
      if (which === shown) return;
      shown = which;
      end();
      root.replaceChildren();
      // Whoever loads the page anew after the match is not to wait for the next one by that.
      if (which !== 'none' && rest) history.replaceState(null, '', `#/${(context.router.path = 'match')}`);
      end = which === 'none' ? waiting(root, context, rest) : play(root, context);
    },
  );
  return () => {
    off();
    end();
  };
};
