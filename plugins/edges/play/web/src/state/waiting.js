// What a place in line is waiting for, in words and as a share.

/**
 * @param {import('./lobby.js').Queue} queue
 * @returns {{ share: number, id: string, values: Record<string, number> }} `id`: of the words that say it
 */
export function waitOf({ stand, waiting, wanted }) {
  const others = Math.max(0, waiting - 1);
  const values = { others, wanted, missing: Math.max(0, wanted - waiting) };
  if (stand !== 'waiting') return { share: 0, id: 'lobby-asked', values };
  const share = Math.min(1, waiting / Math.max(1, wanted));
  return { share, id: waiting >= wanted ? 'lobby-enough' : 'lobby-waiting', values };
}

/**
 * Why a party does not queue.
 * @param {import('../../types/messages.js').QueueRefusal} why
 * @param {import('../../types/messages.js').PartyInfo | null} party
 * @returns {{ id: string, values: Record<string, string | number> }} `id`: of the words that say it
 */
export function refusalOfParty(why, party) {
  const [[kind, about]] = /** @type {[string, any][]} */ (Object.entries(why));
  const account = about.leader ?? about.account;
  const name = party?.members.find((member) => member.account === account)?.name ?? '?';
  const { members = 0, members_max: most = 0, spread = 0, spread_max: spreadMost = 0 } = about;
  return { id: `lobby-party-${kind.replaceAll('_', '-')}`, values: { name, members, most: most || spreadMost, spread } };
}

/** The share of a countdown that is left, from 0 to 1. @param {number} untilMs @param {number} wholeMs @param {number} nowMs */
export const shareLeft = (untilMs, wholeMs, nowMs) => Math.min(1, Math.max(0, (untilMs - nowMs) / Math.max(1, wholeMs)));
