// The end of a tournament: who has won it, how one's own creatures have done, and what that has brought.

import { fill, h } from '../../dom.js';
import { tallyOf } from '../../state/bracket.js';
import { fighterBadge } from './badge.js';
import { loadCreatures } from './loading.js';
import { statList } from './points.js';

/** @typedef {import('../../router.js').Context} Context */
/** @typedef {import('../../state/game_view.js').GameView} GameView */
/** @typedef {import('../../state/game_view.js').Entrant} Entrant */

/** What a game was worth is written beside it: how often, and after which time, it is looked whether it is. */
const LOOKS = 8;
const LOOK_MS = 700;

/** @param {Context} context @param {GameView} view */
export function ending(context, view) {
  const { store, link, words } = context;
  const champion = view.champion === null ? undefined : view.entrants[view.champion];
  const own = view.entrants.filter(({ owner }) => owner !== 0 && owner === store.state.session.accountId);
  const isVictory = champion !== undefined && own.includes(champion);
  const said = store.state.games.lines.at(-1);
  const overWords = said && said.pairing === undefined ? said.words : champion ? words.say('creatures-champion', { name: champion.name }) : words.say('creatures-no-champion');
  const title = own.length === 0 ? 'creatures-over' : isVictory ? 'creatures-victory' : 'creatures-defeat';
  const cards = h('ul', { class: 'cards plain' });
  const element = h(
    'section',
    { class: `ending ${isVictory ? 'victory' : ''}`, 'aria-label': words.say(title) },
    h('div', { class: 'card shape champion' }, h('h2', { class: isVictory ? 'good' : null }, words.say(title)), champion && fighterBadge(context, champion), h('p', { role: 'status' }, overWords)),
    cards,
    h('div', { class: 'row' }, h('a', { class: 'button', href: '#/creatures/tournaments' }, words.say('creatures-again')), h('a', { class: 'button', href: '#/creatures' }, words.say('creatures-mine'))),
  );
  const show = () => fill(cards, ...own.map((entrant) => h('li', {}, resultCard(context, view, entrant))));
  const end = store.watch(({ games }) => JSON.stringify([games.creatures, games.entries?.entries]), show);
  let looks = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const look = async () => {
    looks += 1;
    const answer = await loadCreatures(context);
    const isHeld = answer?.creatures.some((/** @type {import('../../state/games.js').Creature} */ each) => each.game_id === view.game);
    if (isHeld && looks < LOOKS) later = setTimeout(() => void look(), LOOK_MS);
  };
  if (own.length > 0) void look();
  const kind = store.state.games.kinds.find(({ tournament }) => tournament === view.tournament);
  // A game that somebody has started alone has no entries; one with prizes has.
  if (own.length > 0 && kind && kind.prizes_percent.length > 0) void link.ask('game_entries', link.api.gameEntries(view.game));
  return {
    element,
    end: () => {
      clearTimeout(later);
      end();
    },
  };
}

/** @param {Context} context @param {GameView} view @param {Entrant} entrant */
function resultCard(context, view, entrant) {
  const { store, words } = context;
  const { creatures, entries, creation } = store.state.games;
  const { won, lost } = tallyOf(view.pairings, entrant.number);
  const creature = creatures?.find((each) => each.creature_id === entrant.creature);
  const prize = entries?.entries?.find((entry) => entry.creature_id === entrant.creature)?.prize;
  const isFree = creature && creature.game_id !== view.game;
  const facts = [
    words.say('creatures-rank', { rank: entrant.rank }),
    words.say('creatures-record', { won, lost }),
    prize !== undefined && words.say('creatures-prize', { prize }),
    isFree && creature.titles > 0 && words.say('creatures-titles', { titles: creature.titles }),
    isFree && creature.streak > 1 && words.say('creatures-streak', { streak: creature.streak }),
    entrant.points > 0 && words.say('creatures-points-kept', { points: entrant.points }),
  ].filter((fact) => fact !== false && fact !== undefined);
  return h('article', { class: 'card', 'aria-label': entrant.name }, fighterBadge(context, entrant), h('p', { class: 'chips' }, facts.map((fact) => h('span', { class: 'chip number' }, fact))), statList(words, entrant.stats, creation?.stat_max ?? 20));
}
