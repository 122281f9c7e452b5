import { readFileSync } from 'node:fs';

/**
 * A file of vectors. `plugins/sdk/client/tests/javascript` writes them.
 *
 * @param {string} name
 */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
