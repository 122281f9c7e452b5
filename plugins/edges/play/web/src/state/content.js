// What there is in the game: tables, names, and what the numbers of the match under way mean.

/** @typedef {{ key: string, [field: string]: any }} Row */
/** @typedef {'abilities' | 'effects' | 'hazards' | 'items' | 'npcs'} Numbered */

const initial = {
  /** @type {Record<string, Row[]>} */
  tables: {},
  /** @type {Record<string, string>} */
  names: {},
  /** @type {Partial<Record<Numbered, string[]>>} */
  numbers: {},
  /** The language of the page's own words. */
  wordsIn: '',
};

/** @typedef {typeof initial} Content */

export const content = {
  initial,
  on: {
    /** @param {Content} state @param {{ tables: Record<string, Row[]>, names: Record<string, string> }} content */
    'http/content': (state, { tables, names }) => ({ ...state, tables, names }),
    /** @param {Content} state @param {{ numbers: Content['numbers'] }} payload */
    'http/numbers': (state, { numbers }) => ({ ...state, numbers }),
    /** @param {Content} state @param {{ locale: string }} words */
    'ui/words': (state, { locale }) => ({ ...state, wordsIn: locale }),
  },
};

/** @type {Record<Numbered, string>} */
const KINDS = { abilities: 'ability', effects: 'effect', hazards: 'hazard', items: 'item', npcs: 'npc' };

/** The row of a table, such as of `items`, by its key. @param {Content} content @param {string} table @param {string} key */
export const rowOf = ({ tables }, table, key) => tables[table]?.find((row) => row.key === key);

/** The key behind a number of the match under way. @param {Content} content @param {Numbered} table @param {number} number */
export const keyOf = ({ numbers }, table, number) => numbers[table]?.[number] ?? '';

/** What something is called: `nameOf(content, 'item', 'war_axe')`. @param {Content} content @param {string} kind @param {string} key */
export const nameOf = ({ names }, kind, key) => names[`${kind}-${key}`] ?? key.replaceAll('_', ' ');

/** What a number of the match under way is called. @param {Content} content @param {Numbered} table @param {number} number */
export const nameOfNumber = (content, table, number) => nameOf(content, KINDS[table], keyOf(content, table, number));
