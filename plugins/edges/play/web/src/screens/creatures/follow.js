// Follows the game that is looked at: news over the socket, and the game over HTTP wherever news are missing or say too little.

/** @typedef {import('../../router.js').Context} Context */

/** How often a game that nobody tells of is read: it has not started, or there is no connection. */
const READ_MS = 2_500;

/**
 * Follows a game until it is ended. All that is asked of the server about it goes one after the other, so no answer overtakes another.
 * @param {Context} context @param {number} id
 */
export function followGame({ store, link }, id) {
  let isEnded = false;
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  let isReading = false;
  store.dispatch('ui/game_opened', { id });
  const after = (/** @type {() => Promise<unknown>} */ ask) => (last = last.then(() => (isEnded ? undefined : ask())).catch(reportError));
  const read = () => {
    if (isReading) return;
    isReading = true;
    void after(async () => {
      isReading = false;
      await look();
    });
  };
  const look = async () => {
    try {
      store.dispatch('http/game', await link.api.game(id));
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === 'no_such_game') store.dispatch('http/game_missing', { id });
      else link.failed(error);
    }
  };
  const isWatched = () => store.state.session.stand === 'open' && link.client !== undefined;
  const follow = () => {
    // A game that has not started yet, or is over, is not told of; it is read until it is.
    if (isWatched()) void link.client?.followGame(id).catch(() => undefined);
  };
  const isOpen = () => store.state.games.entries?.state === 'open' && !store.state.games.view;
  const beat = setInterval(() => {
    const { view, isFollowed, isMissing } = store.state.games;
    if (isFollowed || isMissing || view?.is_over || document.hidden) return;
    if (!isOpen() && store.state.games.entries?.state === 'called_off') return;
    if (store.state.session.accountId !== undefined) read();
    if (view) follow();
  }, READ_MS);
  const ends = [
    store.watch(
      ({ session }) => session.stand,
      (stand) => stand === 'open' && follow(),
    ),
    store.watch(
      ({ games, session }) => games.isStale && session.accountId !== undefined,
      (isWanted) => isWanted && read(),
    ),
    // It is stale once more while it was being read.
    store.watch(
      ({ games }) => games.view,
      () => store.state.games.isStale && store.state.session.accountId !== undefined && read(),
    ),
  ];
  return {
    /**
     * Does something in the game that answers with it. What is refused because the game has gone on meanwhile is no trouble: it is read.
     * @param {() => Promise<unknown>} asked
     */
    act: (asked) =>
      after(async () => {
        try {
          store.dispatch('http/game', await asked());
        } catch (error) {
          const { code } = /** @type {{ code?: string }} */ (error);
          if (!PASSED.has(code ?? '')) link.failed(error);
          await look();
        }
      }),
    end: () => {
      isEnded = true;
      clearInterval(beat);
      ends.forEach((end) => end());
      if (isWatched() && store.state.games.isFollowed) void link.client?.followGame(id, false).catch(() => undefined);
    },
  };
}

/** Codes of what was done already, or is not asked for any more. */
const PASSED = new Set(['already_chosen', 'other_turn', 'not_in_battle', 'not_asked']);

/** @typedef {ReturnType<typeof followGame>} Following */
