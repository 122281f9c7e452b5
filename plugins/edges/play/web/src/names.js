// Names of things where they stand at the beginning of a line.

import { nameOf, nameOfNumber } from './state/content.js';

/** With a capital letter. @param {string} words */
export const capital = (words) => words.slice(0, 1).toLocaleUpperCase() + words.slice(1);

/** @param {import('./app.js').AppState} state @param {string} template */
export const itemName = ({ content }, template) => capital(nameOf(content, 'item', template));

/**
 * What took somebody's last hit points, such as an ability; empty where that is nothing with a name.
 * @param {import('./state/content.js').Content} content @param {import('../types/messages.js').DamageCause | undefined} cause
 */
export function whatDid(content, cause) {
  if (!cause || cause === 'other') return '';
  if ('ability' in cause) return nameOfNumber(content, 'abilities', cause.ability.ability);
  if ('effect' in cause) return nameOfNumber(content, 'effects', cause.effect.effect);
  return nameOfNumber(content, 'hazards', cause.hazard.hazard);
}
