// State of creatures and their games: what there is to play, what is one's own, and the game that is looked at.

import { isOlder, withNews } from './game_view.js';

/** @typedef {import('./points.js').Stats} Stats */
/** @typedef {import('./points.js').Creation} Creation */
/** @typedef {import('./game_view.js').GameView} GameView */
/** @typedef {{ type: string, name: string, description: string, bias: Partial<Stats>, art: string[] }} CreatureType */
/** @typedef {{ creature_id: number, name: string, type: string, stats: Stats, points: number, won: number, lost: number, streak: number, best_streak: number, titles: number, game_id?: number, created_s: number }} Creature */
/** @typedef {{ tournament: string, name: string, description: string, format: string, best_of: number, entrants_min: number, entrants_max: number, sizes: number[], opponents: string[], per_person_max: number, people_min: number, entry_fee: number, purse: number, prizes_percent: number[], seeding: string, is_scheduled: boolean }} Kind */
/** @typedef {{ creature_id: number, account_id: number, owner_name: string, name: string, type: string, entered_s: number, prize?: number }} Entry */
/** @typedef {{ game_id: number, tournament: string, size: number, opponents?: string | null, created_s: number, account_id?: number, state: string, starts_s: number, per_person_max: number, people_min: number, entry_fee: number, purse: number, pot: number, prizes_percent: number[], entered: number, entries?: Entry[] }} Entries */
/** @typedef {{ key: string, name: string, description: string, tournament: string, ranks: { key: string, name: string, from: number }[], battles_min: number, has_seasons: boolean }} Ladder */
/** @typedef {{ ladder: string, account_id: number, rating: number, rank: string, battles: number, battles_ever: number, season_s: number, ends_s?: number }} Rating */
/** @typedef {{ state: 'waiting' | 'starting' | 'playing' | 'fell_out' | 'nowhere', ladder?: string, creature_id?: number, rating?: number, window?: number, waiting?: number, since_s?: number, game_id?: number, reason?: string }} Place */
/** @typedef {{ game_id: number, tournament: string, size: number, state: string, is_over: boolean, created_s: number, ended_s?: number }} PastGame */

/**
 * One thing that was told: words of the server, and for an act in a battle what it did there.
 * @typedef {{ step: number, part: number, words: string, pairing?: number, game?: number, turn?: number, side?: 0 | 1, what?: string, result?: 'defends' | 'dodged' | 'hit', damage?: number, isCritical?: boolean, hpAfter?: number }} Line
 */

/** Lines that are kept of a game; the oldest go first. */
export const LINES_MAX = 600;

const initial = {
  /** @type {CreatureType[]} */
  types: [],
  /** @type {Creation | undefined} */
  creation: undefined,
  /** @type {Creature[] | undefined} */
  creatures: undefined,
  /** @type {Kind[]} */
  kinds: [],
  /** @type {Ladder[]} */
  ladders: [],
  /** @type {Record<string, Rating>} */
  ratings: {},
  /** @type {Place} */
  place: { state: 'nowhere' },
  /** @type {Entries[] | undefined} */
  open: undefined,
  /** @type {PastGame[] | undefined} */
  past: undefined,
  /** The game that is looked at. */
  id: 0,
  /** @type {GameView | undefined} */
  view: undefined,
  /** @type {Entries | undefined} */
  entries: undefined,
  /** @type {Line[]} */
  lines: [],
  /** Whether it has to be read over HTTP: news say too little, or some are missing. */
  isStale: false,
  /** There is none of its number. */
  isMissing: false,
  isFollowed: false,
  /** Up to where news were heard: the step, and which of that step. */
  heard: { step: 0, part: 0 },
  /** The furthest that was ever heard: what comes again after a cut is not told twice. */
  furthest: { step: 0, part: 0 },
};

/** @typedef {typeof initial} Games */

/** @param {Games} state @param {GameView | Entries} answer */
function withAnswer(state, answer) {
  if ('game_id' in answer) return answer.game_id === state.id ? { ...state, entries: answer, isStale: false } : state;
  if (answer.game !== state.id) return state;
  if (state.view && isOlder(answer, state.view)) return { ...state, isStale: true };
  return { ...state, view: answer, isStale: false };
}

/** @param {{ step: number, part: number }} at @param {import('./game_view.js').News} news @returns {Line[]} */
function linesOf(at, news) {
  if ('turn' in news) {
    const { pairing, game, turn, acts } = news.turn;
    return acts.map(({ act, words }) => {
      const hit = typeof act.result === 'object' ? act.result.hit : undefined;
      const result = typeof act.result === 'string' ? act.result : 'hit';
      return { ...at, words, pairing, game, turn, side: act.side === 'first' ? 0 : 1, what: act.what, result, damage: hit?.damage, isCritical: hit?.is_critical, hpAfter: hit?.hp_after };
    });
  }
  if ('ended' in news) return [{ ...at, words: news.ended.words, pairing: news.ended.pairing, game: news.ended.game }];
  if ('withdrew' in news) return [{ ...at, words: news.withdrew.words }];
  if ('over' in news) return [{ ...at, words: news.over.words }];
  return [];
}

/** @param {Games} state @param {{ game: number | bigint, step: number, news?: import('./game_view.js').News }} told */
function heardOf(state, { game, step, news }) {
  if (Number(game) !== state.id) return state;
  const heard = { step, part: step === state.heard.step ? state.heard.part + 1 : 1 };
  const { furthest } = state;
  if (furthest.step > step || (furthest.step === step && furthest.part >= heard.part)) return { ...state, heard };
  const next = { ...state, heard, furthest: heard };
  if (!news) return { ...next, isStale: true };
  const lines = [...state.lines, ...linesOf(heard, news)].slice(-LINES_MAX);
  if (!state.view) return { ...next, lines, isStale: true };
  const { view, isStale } = withNews(state.view, news);
  return { ...next, lines, view, isStale: state.isStale || isStale };
}

/** @param {Games} state @param {Creature} creature */
const withCreature = (state, creature) => ({
  ...state,
  creatures: [...(state.creatures ?? []).filter((each) => each.creature_id !== creature.creature_id), creature].sort((a, b) => a.creature_id - b.creature_id),
});

/** @type {import('../store.js').Slice<Games>} */
export const games = {
  initial,
  on: {
    'link/logged_in': (state) => ({ ...initial, types: state.types, creation: state.creation, kinds: state.kinds, ladders: state.ladders, id: state.id, isStale: state.id > 0 }),
    'http/creature_types': (state, /** @type {{ types: CreatureType[], creation: Creation }} */ { types, creation }) => ({ ...state, types, creation }),
    'http/creatures': (state, /** @type {{ creatures: Creature[] }} */ { creatures }) => ({ ...state, creatures }),
    'http/creature': withCreature,
    'http/creature_released': (state, /** @type {{ creature_id: number }} */ { creature_id: id }) => ({ ...state, creatures: state.creatures?.filter((each) => each.creature_id !== id) }),
    'http/tournaments': (state, /** @type {{ tournaments: Kind[] }} */ { tournaments }) => ({ ...state, kinds: tournaments }),
    'http/ladders': (state, /** @type {{ ladders: Ladder[] }} */ { ladders }) => ({ ...state, ladders }),
    'http/ladder_rating': (state, /** @type {Rating} */ rating) => ({ ...state, ratings: { ...state.ratings, [rating.ladder]: rating } }),
    'http/ladder_place': (state, /** @type {Place} */ place) => ({ ...state, place }),
    'http/open_games': (state, /** @type {{ games: Entries[] }} */ { games: open }) => ({ ...state, open }),
    'http/past_games': (state, /** @type {{ games: PastGame[] }} */ { games: past }) => ({ ...state, past }),
    'http/game': withAnswer,
    'http/game_missing': (state, /** @type {{ id: number }} */ { id }) => (id === state.id ? { ...state, isMissing: true, isStale: false } : state),
    'http/game_entries': (state, /** @type {Entries} */ entries) => (entries.game_id === state.id ? { ...state, entries } : state),
    'ui/game_opened': (state, /** @type {{ id: number }} */ { id }) =>
      id === state.id ? { ...state, isStale: true } : { ...state, id, view: undefined, entries: undefined, lines: [], isStale: true, isMissing: false, isFollowed: false, heard: initial.heard, furthest: initial.furthest },
    'server/game_followed': (state, /** @type {{ game: number | bigint, is_followed: boolean, step: number }} */ { game, is_followed: isFollowed, step }) =>
      Number(game) === state.id ? { ...state, isFollowed, isStale: true, heard: { step, part: Number.MAX_SAFE_INTEGER } } : state,
    'server/game_told': heardOf,
    'link/reconnecting': (state) => ({ ...state, isFollowed: false }),
    'link/closed': (state) => ({ ...state, isFollowed: false }),
  },
};
