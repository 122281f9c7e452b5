// Reads over HTTP when a part of the lobby is shown, and again whenever the connection has come back: much may have changed meanwhile.

/** Stands in which the server is waited for: what is asked then would only be refused. */
const AWAY = new Set(['out', 'connecting', 'waiting']);

/** @param {import('../../router.js').Context} context @param {() => void} read @returns {() => void} what ends it */
export const readWhileIn = ({ store }, read) => store.watch(({ session }) => !AWAY.has(session.stand), (isThere) => isThere && read());
