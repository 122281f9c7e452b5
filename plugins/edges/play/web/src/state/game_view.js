// A game as it stands, carried on by the news of it. What news do not say, as the stats of who has grown, is read over HTTP then.

/** @typedef {import('./points.js').Stats} Stats */
/** @typedef {import('./bracket.js').Pairing} Pairing */
/** @typedef {'nothing' | { move: { until_unix_ms: number | null } } | { points: { until_unix_ms: number | null } } | { ready: { until_unix_ms: number } }} Wants */
/** @typedef {{ number: number, creature: number, owner: number, owner_name: string, name: string, kind: string, stats: Stats, points: number, rank: number, is_in: boolean, wants: Wants }} Entrant */
/** @typedef {{ entrant: number, hp: number, hp_max: number, defends_left: number, specials_left: number, has_chosen: boolean }} Fighter */
/** @typedef {{ pairing: number, game: number, turn: number, fighters: [Fighter, Fighter], last: unknown[] }} Battle */
/** @typedef {{ game: number, tournament: string, entrants: Entrant[], pairings: Pairing[], battles: Battle[], champion: number | null, is_over: boolean }} GameView */
/** @typedef {import('../../types/messages.js').GameNews} News */

/** Which of its kind wants stand for. @param {Wants} wants @returns {'nothing' | 'move' | 'points' | 'ready'} */
export const wantOf = (wants) => (wants === 'nothing' ? 'nothing' : 'move' in wants ? 'move' : 'points' in wants ? 'points' : 'ready');

/** Until when, in milliseconds since 1970; nothing where there is all the time in the world. @param {Wants} wants @returns {number | undefined} */
export function untilOf(wants) {
  if (wants === 'nothing') return undefined;
  const until = Object.values(wants)[0]?.until_unix_ms;
  return until === null || until === undefined ? undefined : Number(until);
}

/** @param {GameView} view @param {number} pairing @param {number} [game] */
export const battleOf = (view, pairing, game) => view.battles.find((battle) => battle.pairing === pairing && (game === undefined || battle.game === game));

/** @param {GameView} view @param {number} entrant */
export const battleWith = (view, entrant) => view.battles.find(({ fighters }) => fighters.some((fighter) => fighter.entrant === entrant));

/**
 * Whose turn it is for somebody to act: the first creature of theirs of whom something is wanted, else the first that is still in, else the first.
 * @param {GameView} view @param {number | undefined} account
 */
export function ownEntrant({ entrants }, account) {
  const own = entrants.filter(({ owner }) => owner !== 0 && owner === account);
  return own.find(({ wants }) => wants !== 'nothing') ?? own.find(({ is_in: isIn }) => isIn) ?? own[0];
}

/**
 * Whether an answer tells less than what is known: it was on its way when news came.
 * @param {GameView} answer @param {GameView} known
 */
export function isOlder(answer, known) {
  const decided = (/** @type {GameView} */ { pairings }) => pairings.filter(({ outcome }) => outcome !== null).length;
  if (decided(answer) !== decided(known)) return decided(answer) < decided(known);
  if (known.is_over !== answer.is_over) return known.is_over;
  return answer.battles.some(({ pairing, game, turn }) => (battleOf(known, pairing, game)?.turn ?? 0) > turn);
}

/**
 * The view after news, and whether it has to be read anew because they say too little, or do not fit.
 * @param {GameView} view @param {News} news
 * @returns {{ view: GameView, isStale: boolean }}
 */
export function withNews(view, news) {
  const stale = { view, isStale: true };
  if ('turn' in news) return withTurn(view, news.turn);
  if ('chosen' in news) return { view: withChosen(view, news.chosen), isStale: false };
  if ('wanted' in news) {
    const { entrant } = news.wanted;
    const wants = /** @type {Wants} */ (news.wanted.wants);
    // Points have been given with it: how many is not told, so nobody is asked to give them before that is known.
    return wantOf(wants) === 'points' ? stale : { view: withEntrant(view, entrant, { wants }), isStale: false };
  }
  if ('paired' in news) return { view: withPairing(view, news.paired.pairing, { sides: news.paired.entrants }), isStale: false };
  if ('decided' in news) {
    const { pairing, outcome } = news.decided;
    return { view: withPairing(view, pairing, { outcome: /** @type {import('./bracket.js').Outcome} */ (outcome) }), isStale: true };
  }
  if ('ended' in news) {
    const { pairing, game } = news.ended;
    return { view: { ...view, battles: view.battles.filter((battle) => battle.pairing !== pairing || battle.game > game) }, isStale: true };
  }
  if ('ready' in news) return { view: withEntrant(view, news.ready.entrant, { wants: 'nothing' }), isStale: false };
  if ('over' in news) return { view: { ...view, is_over: true, battles: [], champion: news.over.champion ?? null }, isStale: true };
  return stale;
}

/** @param {GameView} view @param {Extract<News, { turn: unknown }>['turn']} told */
function withTurn(view, { pairing, game, turn, hp, acts }) {
  const battle = battleOf(view, pairing, game);
  if (!battle) return { view, isStale: true };
  // The view was looked at after this turn.
  if (turn < battle.turn) return { view, isStale: false };
  const fighters = /** @type {[Fighter, Fighter]} */ (
    battle.fighters.map((fighter, side) => {
      const last = acts.filter(({ act }) => act.side === (side === 0 ? 'first' : 'second')).at(-1)?.act;
      return { ...fighter, hp: hp[side], has_chosen: false, defends_left: last?.defends_left ?? fighter.defends_left, specials_left: last?.specials_left ?? fighter.specials_left };
    })
  );
  const next = { ...battle, turn: turn + 1, fighters, last: acts.map(({ act }) => act) };
  // That the next move is wanted is not told, nor until when: known is it only where it was wanted before, for as long as it takes.
  const people = view.entrants.filter(({ number, owner }) => owner !== 0 && fighters.some(({ entrant }) => entrant === number));
  const isKnown = people.every(({ wants }) => wantOf(wants) === 'move' && untilOf(wants) === undefined);
  return { view: { ...view, battles: view.battles.map((each) => (each === battle ? next : each)) }, isStale: turn > battle.turn || !isKnown };
}

/** @param {GameView} view @param {Extract<News, { chosen: unknown }>['chosen']} told */
function withChosen(view, { entrant, pairing, game, turn }) {
  const battle = battleOf(view, pairing, game);
  if (!battle || battle.turn !== turn) return view;
  const fighters = /** @type {[Fighter, Fighter]} */ (battle.fighters.map((fighter) => (fighter.entrant === entrant ? { ...fighter, has_chosen: true } : fighter)));
  return withEntrant({ ...view, battles: view.battles.map((each) => (each === battle ? { ...battle, fighters } : each)) }, entrant, { wants: 'nothing' });
}

/** @param {GameView} view @param {number} number @param {Partial<Entrant>} change */
const withEntrant = (view, number, change) => ({ ...view, entrants: view.entrants.map((each) => (each.number === number ? { ...each, ...change } : each)) });

/** @param {GameView} view @param {number} number @param {Partial<Pairing>} change */
const withPairing = (view, number, change) => ({ ...view, pairings: view.pairings.map((each) => (each.number === number ? { ...each, ...change } : each)) });
