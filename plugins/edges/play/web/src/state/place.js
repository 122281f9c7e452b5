// Matches and places of the world begin by the same message; which of them it is says the welcome.

/** @typedef {import('../../types/messages.js').ServerPayloads} ServerPayloads */
/** @typedef {ServerPayloads['match_started'] & { kind: 'match' | 'world' }} Begun what `server/match_started` tells the store */

/**
 * A match of one of the welcome's modes, or else a place of the world.
 * @param {{ modes: { name: string }[] } | undefined} welcome
 * @param {ServerPayloads['match_started']} started
 * @returns {Begun}
 */
export const begun = (welcome, started) => ({ ...started, kind: welcome?.modes.some(({ name }) => name === started.mode) ? 'match' : 'world' });
