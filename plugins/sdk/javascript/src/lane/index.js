/**
 * The datagram lane of `PROTOCOL.md`, section 7, at the client's end: plain modules without dependencies, for browsers and Node.
 *
 * - {@link LaneView}: a connection's lane, which is all that most need;
 * - {@link LaneError}: a datagram that cannot be read;
 * - {@link Obstacles}, {@link walked}, {@link toward}: the server's rule of movement, for those who plan ahead.
 */

export { LaneError } from './error.js';
export { LANE_BYTE, LANE_BYTES_MAX } from './down.js';
export { Obstacles } from './obstacles.js';
export { PAGES_MAX } from './pages.js';
export { distance, toward } from './turn.js';
export { LaneView } from './view.js';
export { walked } from './walk.js';
