// What to call those who fight: participants by their names, machines by what they are.

import { nameOf, nameOfNumber } from '../../state/content.js';
import { ownOf } from '../../state/match.js';

/**
 * @param {import('../../app.js').AppState} state
 * @param {import('../../words.js').Words} words
 * @param {(id: number) => number | undefined} templateOf
 * @returns {(id: number) => string}
 */
export const namer = (state, words, templateOf) => (id) => {
  if (id === ownOf(state.match)) return words.say('match-you');
  if (id === 0) return words.say('match-by-nobody');
  const name = state.match.names[id];
  if (name !== undefined) return name;
  const template = templateOf(id);
  return template === undefined ? words.say('match-somebody') : nameOfNumber(state.content, 'npcs', template);
};

/** What an item is called, and how many of it there are. @param {import('../../state/content.js').Content} content @param {{ template: string, state: { count: number } }} item */
export const itemName = (content, { template, state: { count } }) => nameOf(content, 'item', template) + (count > 1 ? ` ×${count}` : '');
