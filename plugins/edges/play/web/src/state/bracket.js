// A tournament's pairings as people read them: rounds, who meets whom, and where somebody stands.

/** @typedef {{ won: number } | { forfeited: number } | { both_gone: number | null } | 'not_needed' | null} Outcome */
/** @typedef {{ number: number, round: number, place: string, sides: [number | null, number | null], best_of: number, wins: [number, number], outcome: Outcome }} Pairing */
/** @typedef {{ key: string, place: string, round: number, pairings: Pairing[] }} Round */

/** Who goes on from a pairing; nothing while that is open, or where nobody does. @param {Pairing} pairing @returns {number | undefined} */
export function winnerOf({ outcome }) {
  if (outcome === null || typeof outcome !== 'object') return undefined;
  if ('won' in outcome) return outcome.won;
  if ('forfeited' in outcome) return outcome.forfeited;
  return outcome.both_gone ?? undefined;
}

/** Part of the tree that a pairing belongs to: columns of one part stand side by side. @param {string} place */
const partOf = (place) => (place.startsWith('lower') ? 'lower' : 'upper');

/**
 * Pairings by rounds, in the order in which they are fought. A match for the third place has a column of its own.
 * @param {readonly Pairing[]} pairings
 * @returns {Round[]}
 */
export function roundsOf(pairings) {
  /** @type {Map<string, Round>} */
  const rounds = new Map();
  for (const pairing of pairings) {
    if (pairing.outcome === 'not_needed' && pairing.sides.every((side) => side === null)) continue;
    const key = `${partOf(pairing.place)}-${pairing.round}-${pairing.place}`;
    const round = rounds.get(key) ?? { key, place: pairing.place, round: pairing.round, pairings: [] };
    round.pairings.push(pairing);
    rounds.set(key, round);
  }
  return [...rounds.values()].sort((a, b) => a.round - b.round || a.pairings[0].number - b.pairings[0].number);
}

/**
 * What a place is called: the id of the page's words, and its number.
 * @param {string} place `final`, `round_of_16`, `upper_2`, `leg_1`
 * @param {number} round from 0 or 1, as the server counts
 * @returns {{ id: string, number: number }}
 */
export function placeWords(place, round) {
  const [, name, number] = /^(.*?)(?:_(\d+))?$/.exec(place) ?? [];
  return { id: `creatures-place-${name.replaceAll('_', '-')}`, number: number === undefined ? round : Number(number) };
}

/** The pairing that an entrant fights in now or next. @param {readonly Pairing[]} pairings @param {number} entrant */
export const nextOf = (pairings, entrant) => pairings.find(({ outcome, sides }) => outcome === null && sides.includes(entrant));

/** How many pairings an entrant has won and lost. @param {readonly Pairing[]} pairings @param {number} entrant */
export function tallyOf(pairings, entrant) {
  const parted = pairings.filter((pairing) => pairing.sides.includes(entrant) && winnerOf(pairing) !== undefined);
  const won = parted.filter((pairing) => winnerOf(pairing) === entrant).length;
  return { won, lost: parted.length - won };
}
