// What one has and chooses before a match: characters, the line for a mode, the loadout, stash, shop, history and boards.

import { isUndone } from './place.js';

/**
 * @typedef {{ character_id: number, name: string, created_s: number }} Character
 * @typedef {{ account_id: number, name: string, is_guest: boolean, created_s: number, level: number, xp: number, rating: number, currency: number }} Profile
 * @typedef {{ item: string, template: string, version: number, count: number, wear: number, bound: boolean, inside?: string }} Owned
 * @typedef {{ template: string, buy_price: number, sell_price?: number }} Ware
 * @typedef {{ key: string, slot?: string, price?: number, level_min: number, is_owned: boolean, is_equipped: boolean }} Cosmetic
 * @typedef {{ match_id: number, mode: string, started_s: number, ended_s: number, outcome: string, placement?: number, kills: number, damage_dealt: number,
 *   xp_gained: number, currency_gained: number, items_secured: number, level: number, rating: number, rating_change?: number }} Played
 * @typedef {{ state: string, mode?: string, place?: string }} Presence
 * @typedef {{ account_id: number, name: string, state: string, since_s: number, presence: Presence }} Friend
 * @typedef {{ party: number | bigint, from: string, label: string, expires_s: number }} Invitation
 * @typedef {{ key: string, name: string, description: string, counts: string, has_seasons: boolean }} BoardInfo
 * @typedef {{ leaderboard: string, season: { season_s: number, ends_s?: number, is_over: boolean, entry_count: number },
 *   entries: { rank: number, account_id: number, name: string, score: number }[], next: string | null }} Board
 *
 * A place in line. `asked`: the server has not answered yet; `waiting`: in line; `again`: it is asked again at `againMs`, because of `words`.
 * @typedef {object} Queue
 * @property {string} mode
 * @property {'asked' | 'waiting' | 'again'} stand
 * @property {number} sinceMs since 1970, when it began
 * @property {number} waiting how many wait within reach, this player among them
 * @property {number} wanted how many a match wants at least
 * @property {number} window rating distance that is accepted by now
 * @property {number} againMs
 * @property {string} words
 *
 * @typedef {{ item: string, template: string, state: import('../../types/messages.js').ItemState }} StashItem
 * @typedef {object} Loadout
 * @property {number | bigint} matchId
 * @property {string} mode
 * @property {number} closesMs since 1970
 * @property {number} wholeMs how long it was open for in all, as far as this page knows
 * @property {StashItem[]} stash
 * @property {string[]} chosen
 * @property {string[] | undefined} sent what the server knows to be chosen
 */

/** Items that may be brought at most. */
export const LOADOUT_ITEMS_MAX = 16;

const initial = {
  /** @type {Character[] | undefined} */
  characters: undefined,
  /** @type {Profile | undefined} */
  profile: undefined,
  /** @type {{ items: Owned[], currency: number, capacity: number } | undefined} */
  stash: undefined,
  /** @type {Ware[] | undefined} */
  shop: undefined,
  /** @type {Cosmetic[] | undefined} */
  cosmetics: undefined,
  /** @type {{ matches: Played[], next: string | null } | undefined} */
  history: undefined,
  /** @type {Friend[] | undefined} */
  friends: undefined,
  /** Counts what was told of friends that their list does not show yet. */
  friendNews: 0,
  /** @type {import('../../types/messages.js').PartyInfo | null} */
  party: null,
  /** Invitations that have no answer, the latest last. @type {Invitation[]} */
  invitations: [],
  /** @type {BoardInfo[] | undefined} */
  boards: undefined,
  /** @type {Board | undefined} */
  board: undefined,
  /** @type {Queue | undefined} */
  queue: undefined,
  /** A place in line from before a cut: kept until the server tells of it again. @type {Queue | undefined} */
  lostQueue: undefined,
  /** Why one is not in line any more, and for which mode; `why`: what of the party is in the way. @type {{ mode: string, words: string, why?: import('../../types/messages.js').QueueRefusal } | undefined} */
  refusal: undefined,
  /** @type {Loadout | undefined} */
  loadout: undefined,
  /** Templates of what was chosen, and not there any more when the match began. @type {string[]} */
  notBrought: [],
  /** Items of the stash to bring into the next match. @type {string[]} */
  packed: [],
  /** What characters are to be that have not been in the world yet: archetypes, by their numbers. @type {Record<number, string>} */
  wishes: {},
  /** The mode that was played last. */
  lastMode: '',
  /** The ground of the last match of each mode. @type {Record<string, import('../../types/messages.js').ServerPayloads['match_started']>} */
  grounds: {},
};

/** @typedef {typeof initial} Lobby */

/** @param {readonly string[]} items @param {string} item */
export function turned(items, item) {
  if (items.includes(item)) return items.filter((each) => each !== item);
  return items.length < LOADOUT_ITEMS_MAX ? [...items, item] : [...items];
}

/** @param {Lobby} state @param {Partial<Queue>} more @returns {Queue} */
const queueWith = (state, more) => ({
  mode: '', stand: 'asked', sinceMs: 0, waiting: 0, wanted: 0, window: 0, againMs: 0, words: '', ...state.queue, ...more,
});

/** Invitations that are kept: as many as a server lets wait. */
const INVITATIONS_MAX = 8;

/** @param {Lobby['invitations']} invitations @param {number | bigint} party */
const without = (invitations, party) => invitations.filter((other) => other.party !== party);

/** Where somebody is, as HTTP says it. @param {import('../../types/messages.js').Whereabouts} told @returns {Presence} */
const presenceOf = (told) => {
  if (typeof told === 'string') return { state: told };
  const [state, where] = Object.entries(told)[0];
  return { state, ...where };
};

/** Whether an account leads its party. @param {Lobby} state @param {number | undefined} account */
export const leads = ({ party }, account) => party !== null && Number(party.leader) === account;

/** @param {Lobby} state */
const withNews = (state) => ({ ...state, friendNews: state.friendNews + 1 });

export const lobby = {
  initial,
  on: {
    'link/logged_in': () => initial,
    'link/logged_out': () => initial,
    /** @param {Lobby} state @param {{ characters: Character[] }} answer */
    'http/characters': (state, { characters }) => ({ ...state, characters }),
    /** @param {Lobby} state @param {{ characterId: number, archetype: string }} wish */
    'ui/character_wished': (state, { characterId, archetype }) => ({ ...state, wishes: { ...state.wishes, [characterId]: archetype } }),
    /** @param {Lobby} state @param {Profile} profile */
    'http/profile': (state, profile) => ({ ...state, profile }),
    /** @param {Lobby} state @param {NonNullable<Lobby['stash']>} stash */
    'http/stash': (state, stash) => ({ ...state, stash, packed: state.packed.filter((item) => stash.items.some((owned) => owned.item === item)) }),
    /** @param {Lobby} state @param {{ items: Ware[] }} shop */
    'http/shop': (state, { items }) => ({ ...state, shop: items }),
    /** @param {Lobby} state @param {{ cosmetics: Cosmetic[] }} answer */
    'http/cosmetics': (state, { cosmetics }) => ({ ...state, cosmetics }),
    /** @param {Lobby} state @param {NonNullable<Lobby['history']>} history the newest page */
    'http/history': (state, history) => ({ ...state, history }),
    /** @param {Lobby} state @param {NonNullable<Lobby['history']>} page what follows */
    'http/history_more': (state, { matches, next }) => {
      const before = state.history?.matches ?? [];
      const known = new Set(before.map(({ match_id: id }) => id));
      return { ...state, history: { matches: [...before, ...matches.filter(({ match_id: id }) => !known.has(id))], next } };
    },
    /** @param {Lobby} state @param {{ friends: Friend[] }} answer */
    'http/friends': (state, { friends }) => ({ ...state, friends }),
    'server/friend_requested': withNews,
    'server/friend_accepted': withNews,
    /** @param {Lobby} state @param {import('../../types/messages.js').ServerPayloads['friends_present']} told */
    'server/friends_present': (state, { friends: told }) => {
      const now = new Map(told.map(({ account, whereabouts }) => [Number(account), presenceOf(whereabouts)]));
      const friends = state.friends?.map((friend) => ({ ...friend, presence: now.get(friend.account_id) ?? friend.presence }));
      return { ...state, friends };
    },
    /** @param {Lobby} state @param {import('../../types/messages.js').ServerPayloads['party_changed']} told */
    'server/party_changed': (state, { party }) => ({ ...state, party, invitations: party ? without(state.invitations, party.party) : state.invitations }),
    /** @param {Lobby} state @param {Invitation} invitation */
    'server/party_invited': (state, invitation) => ({ ...state, invitations: [...without(state.invitations, invitation.party), invitation].slice(-INVITATIONS_MAX) }),
    /** @param {Lobby} state @param {number | bigint} party */
    'ui/invitation_answered': (state, party) => ({ ...state, invitations: without(state.invitations, party) }),
    /** @param {Lobby} state @param {{ leaderboards: BoardInfo[] }} answer */
    'http/boards': (state, { leaderboards }) => ({ ...state, boards: leaderboards }),
    /** @param {Lobby} state @param {Board} board */
    'http/board': (state, board) => ({ ...state, board }),

    /** @param {Lobby} state @param {{ mode: string, at_ms: number }} wish */
    'ui/queue_asked': (state, { mode, at_ms: sinceMs }) => {
      const isSame = state.queue?.mode === mode;
      return { ...state, refusal: undefined, queue: isSame ? queueWith(state, { stand: 'asked' }) : queueWith(initial, { mode, sinceMs }) };
    },
    /** @param {Lobby} state @param {{ again_ms: number, words: string }} pause */
    'ui/queue_again': (state, { again_ms: againMs, words }) => (state.queue ? { ...state, queue: queueWith(state, { stand: 'again', againMs, words }) } : state),
    /** @param {Lobby} state @param {{ mode: string, words: string }} refusal */
    'ui/queue_refused': (state, refusal) => ({ ...state, queue: undefined, refusal }),
    'ui/queue_left': (/** @type {Lobby} */ state) => ({ ...state, queue: undefined, lostQueue: undefined, refusal: undefined }),
    /** @param {Lobby} state @param {{ mode: string, waiting: number, wanted: number, window: number, heard_ms: number }} told */
    'server/queued': (state, { mode, waiting, wanted, window, heard_ms: heardMs }) => {
      const known = [state.queue, state.lostQueue].find((queue) => queue?.mode === mode);
      const queue = queueWith(initial, { mode, stand: 'waiting', waiting, wanted, window, sinceMs: known?.sinceMs ?? heardMs });
      return { ...state, queue, lostQueue: undefined, refusal: undefined };
    },
    /** @param {Lobby} state @param {import('../../types/messages.js').ServerPayloads['queue_refused']} refused */
    'server/queue_refused': (state, { mode, why }) => ({ ...state, queue: undefined, refusal: { mode, words: '', why } }),
    'server/unqueued': (/** @type {Lobby} */ state) => ({ ...state, queue: undefined, lostQueue: undefined }),
    'link/connected': (/** @type {Lobby} */ state) => ({
      ...state,
      // The server tells of a place in line, or of an open loadout, right after its welcome: what it does not tell of is gone.
      queue: state.queue?.stand === 'waiting' ? undefined : state.queue,
      lostQueue: state.queue?.stand === 'waiting' ? state.queue : state.lostQueue,
      loadout: undefined,
      party: null,
    }),
    'link/closed': (/** @type {Lobby} */ state) => ({ ...state, queue: undefined, lostQueue: undefined, loadout: undefined }),
    /** @param {Lobby} state @param {import('../../sdk/errors.js').HypogeumError} error */
    'link/error': (state, error) => {
      const mode = state.queue?.mode ?? state.loadout?.mode;
      if (!mode || !isUndone(error)) return state;
      return { ...state, queue: undefined, loadout: undefined, refusal: { mode, words: error.message } };
    },

    /** @param {Lobby} state @param {import('../../types/messages.js').ServerPayloads['loadout_open'] & { heard_ms: number }} open */
    'server/loadout_open': (state, { match_id: matchId, mode, stash, closes_in_ms: leftMs, heard_ms: heardMs }) => {
      const has = (/** @type {string} */ item) => stash.some((each) => each.item === item);
      const chosen = state.packed.filter(has);
      return {
        ...state,
        queue: undefined,
        lostQueue: undefined,
        refusal: undefined,
        loadout: /** @type {Loadout} */ ({ matchId, mode, closesMs: heardMs + leftMs, wholeMs: Math.max(1, leftMs), stash, chosen, sent: undefined }),
      };
    },
    /** Brings an item of the stash, or leaves it. @param {Lobby} state @param {{ item: string }} turn */
    'ui/loadout_turned': (state, { item }) => {
      const { loadout } = state;
      if (!loadout?.stash.some((each) => each.item === item)) return state;
      return { ...state, loadout: { ...loadout, chosen: turned(loadout.chosen, item) } };
    },
    /** @param {Lobby} state @param {{ items: string[] }} chosen */
    'server/loadout_chosen': (state, { items }) => {
      const { loadout } = state;
      if (!loadout) return state;
      // What was chosen on another screen, or before a cut, shows here, too.
      return { ...state, packed: items, loadout: { ...loadout, sent: items, chosen: loadout.chosen.length > 0 ? loadout.chosen : items } };
    },
    /** @param {Lobby} state @param {{ items: string[] }} refused */
    'server/loadout_refused': (state, { items }) => {
      const known = state.loadout?.stash ?? [];
      return { ...state, packed: state.packed.filter((item) => !items.includes(item)), notBrought: items.map((item) => known.find((each) => each.item === item)?.template ?? item) };
    },
    /** Packs an item of the stash for the next match, or unpacks it. @param {Lobby} state @param {{ item: string }} turn */
    'ui/packed_turned': (state, { item }) => ({ ...state, packed: turned(state.packed, item) }),

    /** Ratings change when a match is over for all. @param {Lobby} state @param {{ rating: number }} ended */
    'server/match_ended': (state, { rating }) => (state.profile ? { ...state, profile: { ...state.profile, rating } } : state),
    /** @param {Lobby} state @param {import('./place.js').Begun} started */
    'server/match_started': (state, started) => ({
      ...state,
      queue: undefined,
      lostQueue: undefined,
      refusal: undefined,
      loadout: undefined,
      ...(started.kind === 'match' && { lastMode: started.mode, grounds: { ...state.grounds, [started.mode]: started } }),
    }),
  },
};
