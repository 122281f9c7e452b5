// One request over HTTP: with the access token, a time limit, typed errors, and a second try where that helps.

import { HypogeumError } from './errors.js';
import { Tokens } from './tokens.js';

/** Codes of 401 that another access token cures. */
const CURABLE = new Set(['token_expired', 'unauthorized']);
/** Largest answer that is read. */
const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;

/**
 * @typedef {object} ApiOptions
 * @property {import('./tokens.js').TokenStorage} [storage] where tokens are kept, `localStorage` say; without one they are in memory only
 * @property {string} [storageKey] under which name; where two accounts share a storage, each has its own
 * @property {number} [timeoutMs] how long an answer may take; 20 s
 * @property {number} [patienceMs] how long a request that is told to come back later does so by itself; 0: not at all
 * @property {typeof globalThis.fetch} [fetch]
 */

/**
 * @typedef {object} RequestOptions
 * @property {boolean} [isPublic] no access token is shown
 * @property {Record<string, string | number | bigint | undefined>} [query]
 * @property {AbortSignal} [signal]
 */

/** One server, and one login to it. `api.js` adds the routes. */
export class Http {
  /**
   * @param {string} url `http://HOST:PORT` or `https://HOST`
   * @param {ApiOptions} [options]
   */
  constructor(url, { storage, storageKey, timeoutMs = 20_000, patienceMs = 0, fetch } = {}) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) throw new HypogeumError('bad_url', `${url} is no http:// or https:// address`);
    /** Without a slash at its end. */
    this.url = parsed.href.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
    this.patienceMs = patienceMs;
    // Called as a method of something else it would be refused.
    this.fetch = fetch ?? ((/** @type {string} */ input, /** @type {RequestInit} */ init) => globalThis.fetch(input, init));
    this.tokens = new Tokens({
      post: (path, body) => this.request('POST', path, body, { isPublic: true }),
      storage,
      key: storageKey ?? `hypogeum-login:${this.url}`,
    });
  }

  /** Where the game's WebSocket is. */
  get socketUrl() {
    return `${this.url.replace(/^http/, 'ws')}/v1/socket`;
  }

  /**
   * Asks for something. An access token that the server refuses is refreshed once.
   * @param {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
   * @param {string} path from `/v1` on
   * @param {object} [body]
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   * @throws {HypogeumError}
   */
  async request(method, path, body, options = {}) {
    const until = Date.now() + this.patienceMs;
    for (let hasRefreshed = options.isPublic ?? false, refused = ''; ; ) {
      const token = options.isPublic ? undefined : await this.tokens.token({ refused });
      try {
        return await this.#once(method, path, body, options, token);
      } catch (error) {
        if (!(error instanceof HypogeumError)) throw error;
        if (!hasRefreshed && token && error.status === 401 && CURABLE.has(error.code)) {
          hasRefreshed = true;
          refused = token;
          continue;
        }
        // Refused is not done, so it may be asked again; what had no answer may have been done.
        const wait = error.retryAfterMs;
        if (wait === undefined || Date.now() + wait > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {RequestOptions} options
   * @param {string | undefined} token
   */
  async #once(method, path, body, { query = {}, signal }, token) {
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (body) headers['Content-Type'] = 'application/json';
    if (token) headers.Authorization = `Bearer ${token}`;
    const limit = AbortSignal.timeout(this.timeoutMs);
    /** @type {Response} */
    let answer;
    let text;
    try {
      answer = await this.fetch(url.href, {
        method,
        headers,
        body: body ? JSON.stringify(body) : undefined,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      text = await textOf(answer);
    } catch (cause) {
      if (signal?.aborted || cause instanceof HypogeumError) throw cause;
      throw new HypogeumError('unreachable', `no answer from ${method} ${url.origin}${path}`, { cause, about: path });
    }
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    const parsed = isJson ? parse(text) : text;
    if (answer.ok) return parsed;
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    throw HypogeumError.of(parsed, { status: answer.status, about: path, retryAfterMs: Number.isFinite(seconds) ? 1_000 * seconds : undefined });
  }

  /** @param {string} path @param {RequestOptions} [options] */
  get(path, options) {
    return this.request('GET', path, undefined, options);
  }

  /** @param {string} path @param {object} [body] @param {RequestOptions} [options] */
  post(path, body, options) {
    return this.request('POST', path, body, options);
  }

  /** @param {string} path @param {object} [body] @param {RequestOptions} [options] */
  patch(path, body, options) {
    return this.request('PATCH', path, body, options);
  }

  /** @param {string} path @param {RequestOptions} [options] */
  delete(path, options) {
    return this.request('DELETE', path, undefined, options);
  }
}

/**
 * The text of an answer, as far as it is one that is read at all.
 * @param {Response} answer
 */
async function textOf(answer) {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = answer.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > ANSWER_BYTES_MAX) {
      await reader.cancel();
      throw new HypogeumError('unreadable', `the answer has more than ${ANSWER_BYTES_MAX} bytes`, { status: answer.status });
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HypogeumError('unreadable', 'the answer is not JSON', { cause });
  }
}
