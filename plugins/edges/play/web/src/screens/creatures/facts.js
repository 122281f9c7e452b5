// The facts of a battle's log as lines of words.

import { h } from '../../dom.js';
import { readBattle } from '../../state/battle_log.js';

/** @typedef {import('../../state/battle_log.js').Fact} Fact */
/** @typedef {import('../../words.js').Words} Words */

/** @param {Words} words @param {number} turn */
export const turnLine = (words, turn) => h('p', { class: 'turn small' }, words.say('creatures-turn', { turn }));

/** @param {Words} words @param {Fact} fact */
function sentence(words, fact) {
  if ('turn' in fact) return turnLine(words, fact.turn);
  const { who, whom, what } = fact;
  if (what === 'wins') return h('p', { class: 'end' }, words.say('creatures-log-wins', { who, how: fact.how }));
  if (what !== 'hits') return h('p', {}, words.say(`creatures-log-${what}`, { who, whom }));
  const how = [fact.isSpecial && 'special', fact.isCritical && 'critical', fact.isDefended && 'defended'].filter((each) => each !== false).map((each) => words.say(`creatures-log-${each}`));
  const more = how.length > 0 ? ` (${how.join(', ')})` : '';
  return h('p', { class: fact.isCritical ? 'critical' : null }, words.say('creatures-log-hits', { who, whom, damage: fact.damage, before: fact.before, after: fact.after }), more);
}

/** @param {Words} words @param {string} log of the server */
export const factLines = (words, log) => readBattle(log).map((fact) => sentence(words, fact));
