/**
 * Why bytes are no datagram of the lane.
 *
 * @typedef {'truncated' | 'trailing_bytes' | 'too_long' | 'unknown_tag' | 'malformed'} LaneErrorCode
 */

/** A datagram of the server that cannot be read. It has changed nothing; count it and go on. */
export class LaneError extends Error {
  /**
   * @param {LaneErrorCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'LaneError';
    /** @type {LaneErrorCode} */
    this.code = code;
  }
}
