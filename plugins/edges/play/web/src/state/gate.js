// What the server says to somebody who wants in: at which field it belongs, and how long it holds.

/** @typedef {'name' | 'password' | 'guest' | 'form'} Field */

/** @type {Record<string, Field>} */
const FIELDS = {
  invalid_name: 'name',
  name_taken: 'name',
  weak_password: 'password',
  wrong_credentials: 'password',
  guests_refused: 'guest',
};

/**
 * @param {{ code: string, message: string, retryAfterMs?: number }} error
 * @param {number} nowMs since 1970
 * @returns {{ field: Field, code: string, words: string, untilMs: number }} `untilMs`: trying again before is no use; 0: at any time
 */
export function refusalOf({ code, message, retryAfterMs }, nowMs) {
  return { field: FIELDS[code] ?? 'form', code, words: message, untilMs: retryAfterMs ? nowMs + retryAfterMs : 0 };
}

/** Seconds that are left, rounded up: nobody is told 0 who still has to wait. @param {number} untilMs @param {number} nowMs */
export const secondsLeft = (untilMs, nowMs) => Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
