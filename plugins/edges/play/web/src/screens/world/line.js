// The line where one types: what was typed before, and how it goes on.

const TYPED_MAX = 100;

/** Lines typed before, and which of them is shown. */
export class Typed {
  /** @type {string[]} */
  #lines = [];
  #at = 0;
  /** What stood there before one looked back. */
  #draft = '';

  /** @param {string} line */
  add(line) {
    if (line && this.#lines.at(-1) !== line) this.#lines = [...this.#lines, line].slice(-TYPED_MAX);
    this.#at = this.#lines.length;
    this.#draft = '';
  }

  /**
   * The line before, or the one after. Nothing where there is none.
   * @param {-1 | 1} by
   * @param {string} now what stands there
   * @returns {string | undefined}
   */
  look(by, now) {
    const next = this.#at + by;
    if (next < 0 || next > this.#lines.length) return undefined;
    if (this.#at === this.#lines.length) this.#draft = now;
    this.#at = next;
    return next === this.#lines.length ? this.#draft : this.#lines[next];
  }
}

/**
 * A line with its last word gone on with, as far as all words begin alike; and the words, where there is a choice.
 * @param {string} line
 * @param {readonly string[]} words that begin as its last word does
 * @returns {{ line: string, choices: readonly string[] }}
 */
export function completed(line, words) {
  if (words.length === 0) return { line, choices: [] };
  const kept = line.slice(0, line.length - lastWord(line).length);
  let common = words[0];
  for (const word of words) while (!word.startsWith(common)) common = common.slice(0, -1);
  if (words.length === 1) return { line: `${kept}${common} `, choices: [] };
  return { line: common.length > lastWord(line).length ? kept + common : line, choices: words };
}

/** @param {string} line */
export const lastWord = (line) => line.split(/\s/).at(-1) ?? '';
