// What goes wrong, in one class: act on `code`; `message` is for people.

/**
 * @typedef {object} ErrorDetails
 * @property {number} [retryAfterMs] how long to wait before trying again helps; without it the same fails again
 * @property {string} [about] the type of the message, or the path of the request, that it answers
 * @property {number} [status] of the HTTP answer
 * @property {number} [closeCode] with which the server closed the connection
 * @property {Record<string, unknown>} [body] the whole body of the error: some codes have more fields
 * @property {unknown} [cause]
 */

/**
 * Something was refused, or did not arrive. Codes of the server are those of `PROTOCOL.md`; this client adds `unreachable`, `unreadable`,
 * `timeout`, `not_connected`, `closed`, `too_many_waiting`, `not_logged_in`, `not_refreshable`, and `queue_refused`, whose `body` says in `why`
 * what of the party is in the way.
 */
export class HypogeumError extends Error {
  name = 'HypogeumError';

  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorDetails} [details]
   */
  constructor(code, message, details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    /** What is in the way, for programs. */
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.about = details.about;
    this.status = details.status;
    this.closeCode = details.closeCode;
    this.body = details.body;
  }

  /** Whether the same may succeed later: the server says when, or was not reached. */
  get isPassing() {
    return this.retryAfterMs !== undefined || this.code === 'unreachable' || this.code === 'timeout';
  }

  /**
   * From the body of an error, of HTTP or of a WebSocket.
   * @param {unknown} body
   * @param {ErrorDetails} [details]
   */
  static of(body, details = {}) {
    /** @type {Record<string, unknown>} */
    const fields = typeof body === 'object' && body !== null ? { ...body } : {};
    const { code, message, retry_after_ms: retry, about } = fields;
    return new HypogeumError(typeof code === 'string' ? code : 'unreadable', typeof message === 'string' ? message : 'no reason given', {
      ...details,
      retryAfterMs: typeof retry === 'number' ? retry : details.retryAfterMs,
      about: typeof about === 'string' ? about : details.about,
      body: fields,
    });
  }
}
