// Goes where the session is by itself: to the loadout when a match is found, into the match, into the world.

import { closeDialogs } from './dialog.js';
import { itemName } from './names.js';

/** A screen has set its title after so long. */
const TITLE_MS = 50;

/** Screens that one leaves for what went on before the page was loaded; whoever looks at something else goes on doing so. */
const LEFT = new Set(['', 'lobby', 'match', 'world']);

/** @param {import('./router.js').Context} context @returns {() => void} what ends it */
export function followPlaces({ store, router, words }) {
  /** @type {number | bigint | undefined} */
  let known;
  let isFirst = true;
  const here = () => router.path.split('/')[0];
  const ends = [
    store.watch(
      ({ session }) => session.place,
      (place) => {
        if (place && place.id !== known && (!isFirst || LEFT.has(here())) && here() !== place.kind) router.go(place.kind);
        if (place) isFirst = false;
        known = place?.id;
      },
    ),
    store.watch(
      ({ lobby }) => lobby.loadout?.matchId,
      (match) => {
        if (match === undefined) return;
        closeDialogs();
        // Who waits for one mode on the screen of the match has it chosen there.
        if (here() !== 'lobby' && !router.path.startsWith('match/')) router.go('lobby');
        // Seen among other tabs, once the screen has set its title.
        setTimeout(() => store.state.lobby.loadout && (document.title = `● ${document.title.replace(/^● /, '')}`), TITLE_MS);
      },
    ),
    store.watch(
      ({ lobby }) => lobby.notBrought,
      (items) => items.length && store.dispatch('ui/news', { words: words.say('lobby-not-brought', { names: items.map((/** @type {string} */ template) => itemName(store.state, template)).join(', ') }) }),
    ),
    // Whoever joins a line has begun to play: what starts then is never from before.
    store.watch(({ lobby }) => lobby.queue, (queue) => queue && (isFirst = false)),
    store.watch(({ session }) => session.accountId, () => (isFirst = true)),
  ];
  return () => ends.forEach((end) => end());
}
