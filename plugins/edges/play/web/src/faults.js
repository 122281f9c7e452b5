// What an error means for the session: whether it passes by itself, or ends the login.

import { pauseMs } from '../sdk/backoff.js';
import { HypogeumError } from '../sdk/errors.js';

/** Codes with which a connection is closed that would be closed again, or that somebody wanted. */
const FINAL_CLOSES = new Set([1000, 1002, 1003, 1007, 1008, 1009, 4409, 4426]);
/** Codes of a server that is not ready yet, or no more. */
const PASSING_CODES = new Set(['unavailable', 'draining', 'try_later', 'busy', 'unready', 'closed']);
/** Codes of a login that is over. */
const DEAD_CODES = new Set(['unauthorized', 'token_expired', 'login_closed', 'refresh_reused', 'refresh_refused', 'not_logged_in', 'not_refreshable']);
/** Tries while a server is away for long. */
const PAUSES = { firstMs: 1_000, mostMs: 15_000, triesMax: 0 };

/** Whether the same may succeed later. @param {unknown} error */
export function isPassing(error) {
  if (!(error instanceof HypogeumError)) return false;
  if (error.closeCode !== undefined) return !FINAL_CLOSES.has(error.closeCode);
  return error.isPassing || PASSING_CODES.has(error.code) || (error.status ?? 0) >= 500;
}

/** Whether the login it was shown is over: somebody has to log in again. @param {unknown} error @returns {error is HypogeumError} */
export function isDead(error) {
  if (!(error instanceof HypogeumError)) return false;
  return DEAD_CODES.has(error.code) && error.closeCode === undefined;
}

/** @param {number} attempt from 0 @param {unknown} error @param {Partial<import('../sdk/backoff.js').Pauses>} [pauses] */
export function pauseAfter(attempt, error, pauses) {
  const told = error instanceof HypogeumError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(told, pauseMs(attempt, { ...PAUSES, ...pauses }));
}
