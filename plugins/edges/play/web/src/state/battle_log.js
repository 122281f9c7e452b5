// The log of a battle, from the text that the server keeps: one line a fact.

/** @typedef {{ turn: number } | { who: string, whom: string, what: 'defends' } | { who: string, whom: string, what: 'misses' } | { who: string, whom: string, what: 'hits', damage: number, before: number, after: number, isSpecial: boolean, isCritical: boolean, isDefended: boolean } | { who: string, whom: string, what: 'left' } | { who: string, whom: string, what: 'wins', how: string }} Fact */

/** @param {string} field */
const plain = (field) => field.replaceAll(/\\(.)/g, (_, of) => ({ p: '|', n: '\n', r: '\r' })[/** @type {string} */ (of)] ?? of);

/**
 * Reads what happened, in its order. Lines of other kinds are passed over.
 * @param {string} log
 * @returns {Fact[]}
 */
export function readBattle(log) {
  /** @type {string[]} */
  const names = [];
  /** @type {Fact[]} */
  const facts = [];
  const of = (/** @type {string} */ side) => ({ who: names[Number(side) - 1] ?? '?', whom: names[2 - Number(side)] ?? '?' });
  for (const line of log.split('\n')) {
    const [, word, ...fields] = line.split('|');
    const [side] = fields;
    if (word === 'side') names.push(plain(fields[1]));
    else if (word === 'turn') facts.push({ turn: Number(side) });
    else if (word === 'defends') facts.push({ ...of(side), what: 'defends' });
    else if (word === 'dodged') facts.push({ ...of(side), what: 'misses' });
    else if (word === 'hit') facts.push({ ...of(side), what: 'hits', ...blow(fields) });
    else if (word === 'forfeit') facts.push({ ...of(side), what: 'left' });
    else if (word === 'win') facts.push({ ...of(side), what: 'wins', how: fields[1] });
  }
  return facts;
}

/** @param {string[]} fields */
function blow([, move, damage, before, after, ...flags]) {
  return {
    damage: Number(damage),
    before: Number(before),
    after: Number(after),
    isSpecial: move === 'special',
    isCritical: flags.includes('critical'),
    isDefended: flags.includes('defended'),
  };
}
