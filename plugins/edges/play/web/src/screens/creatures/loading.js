// What several of these screens read first, once somebody is logged in.

/** @typedef {import('../../router.js').Context} Context */

/**
 * Calls `read` once somebody is logged in, also after a login that comes later. Returns what ends it.
 * @param {Context} context @param {() => unknown} read
 */
export const onceIn = ({ store }, read) => store.watch(({ session }) => session.accountId, (account) => account !== undefined && void read());

/** Types, tournaments and ladders: they are the same as long as the server runs. @param {Context} context */
export async function loadRules({ store, link }) {
  const { types, kinds, ladders } = store.state.games;
  await Promise.all([
    types.length === 0 && link.ask('creature_types', link.api.creatureTypes()),
    kinds.length === 0 && link.ask('tournaments', link.api.tournaments()),
    ladders.length === 0 && link.ask('ladders', link.api.ladders()),
  ]);
}

/** @param {Context} context */
export const loadCreatures = ({ link }) => link.ask('creatures', link.api.creatures());

/** A key of a request, so that asking again is safe. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A type by its key; one that nobody knows has no bias. @param {import('../../app.js').AppState} state @param {string} key */
export const typeOf = ({ games }, key) => games.types.find(({ type }) => type === key) ?? { type: key, name: key, description: '', bias: {}, art: [] };
