// What a character is to be that has not been in the world yet: kept in this browser, for the server asks only when it enters.

const KEY = 'hypogeum-wishes';

/** @returns {Record<string, string>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

/** The archetype that was chosen for a character; empty where none was. @param {import('../../app.js').AppState} state @param {number} id */
export const wishOf = ({ lobby }, id) => lobby.wishes[id] ?? kept()[id] ?? '';

/** @param {import('../../app.js').AppStore} store @param {number} characterId @param {string} archetype */
export function keepWish(store, characterId, archetype) {
  store.dispatch('ui/character_wished', { characterId, archetype });
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), [characterId]: archetype }));
  } catch {
    // A full or closed storage: it is known until the page is left.
  }
}
