// The world: where one comes in, and the place one is in.

import { Entrance } from './world/entrance.js';
import { showPlace } from './world/place.js';

/** @type {import('../router.js').Screen} */
export const world = (root, context) => {
  /** @type {(() => void) | undefined} */
  let end;
  const unwatch = context.store.watch(
    ({ world: { stage } }) => stage !== 'out',
    (isIn) => {
      end?.();
      root.replaceChildren();
      end = isIn ? showPlace(root, context) : new Entrance(root, context).show();
    },
  );
  return () => {
    unwatch();
    end?.();
  };
};
