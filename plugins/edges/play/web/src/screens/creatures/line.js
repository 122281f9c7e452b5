// Keeps one's place in the line of a ladder: who does not ask for half a minute falls out, wherever on the page that is.

/** @typedef {import('../../router.js').Context} Context */

/** How often the place is asked for. */
const ASK_MS = 3_000;

/** Lines that are stood in, one for each login. @type {WeakSet<import('../../link.js').Link>} */
const standing = new WeakSet();

/** Asks for the place until there is none to keep; then leads to the battle where these screens are shown. @param {Context} context */
export function standInLine(context) {
  const { store, link, router } = context;
  if (standing.has(link)) return;
  standing.add(link);
  const ask = async () => {
    // What had no answer says nothing: one is still in line.
    const place = (await link.ask('ladder_place', link.api.ladderPlace())) ?? store.state.games.place;
    if (place?.state === 'playing' && router.path === 'creatures/ladders' && wasWaiting) router.go(`creatures/game/${place.game_id}`);
    wasWaiting = place?.state === 'waiting' || place?.state === 'starting';
    if (wasWaiting && store.state.session.stand !== 'out') setTimeout(() => void ask(), ASK_MS);
    else standing.delete(link);
  };
  let wasWaiting = store.state.games.place.state === 'waiting';
  void ask();
}
