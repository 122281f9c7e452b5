// Matches and places of the world begin by the same message, and are undone by the same errors.

/** @typedef {import('../../types/messages.js').ServerPayloads} ServerPayloads */
/** @typedef {ServerPayloads['match_started'] & { kind: 'match' | 'world' }} Begun what `server/match_started` tells the store */

/**
 * A match of one of the welcome's modes, or else a place of the world.
 * @param {{ modes: { name: string }[] } | undefined} welcome
 * @param {ServerPayloads['match_started']} started
 * @returns {Begun}
 */
export const begun = (welcome, started) => ({ ...started, kind: welcome?.modes.some(({ name }) => name === started.mode) ? 'match' : 'world' });

/** Codes of a server that could not go on with the line, the loadout, the match or the visit that the session was in. */
const UNDONE = new Set(['unavailable', 'draining', 'try_later']);

/**
 * Whether the server has undone what the session was in: nobody asked for that, over HTTP or otherwise.
 * @param {{ code: string, about?: string, status?: number }} error
 */
export const isUndone = ({ code, about, status }) => about === undefined && status === undefined && UNDONE.has(code);
