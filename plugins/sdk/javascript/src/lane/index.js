/**
 * The datagram lane of `PROTOCOL.md`, section 7, at the client's end: plain modules without dependencies, for browsers and Node.
 *
 * - {@link LaneView}: a connection's lane, which is all that most need;
 * - {@link LaneError}: a datagram that cannot be read;
 * - {@link Obstacles}, {@link walked}, {@link toward}: the server's rule of movement, for those who plan ahead.
 *
 * @typedef {import('./types.js').Block} Block
 * @typedef {import('./types.js').Corrections} Corrections
 * @typedef {import('./types.js').Entity} Entity
 * @typedef {import('./types.js').GameEvent} GameEvent
 * @typedef {import('./types.js').MatchStarted} MatchStarted
 * @typedef {import('./types.js').OwnState} OwnState
 * @typedef {import('./types.js').Phase} Phase
 * @typedef {import('./types.js').Position} Position
 * @typedef {import('./types.js').Predicted} Predicted
 * @typedef {import('./types.js').Steering} Steering
 * @typedef {import('./view.js').Fed} Fed
 * @typedef {import('./view.js').Seen} Seen
 */

export { LaneError } from './error.js';
export { LANE_BYTE, LANE_BYTES_MAX } from './down.js';
export { Obstacles } from './obstacles.js';
export { PAGES_MAX } from './pages.js';
export { distance, toward } from './turn.js';
export { LaneView } from './view.js';
export { walked } from './walk.js';
