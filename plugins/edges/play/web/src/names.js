// Names of things where they stand at the beginning of a line.

import { nameOf } from './state/content.js';

/** With a capital letter. @param {string} words */
export const capital = (words) => words.slice(0, 1).toLocaleUpperCase() + words.slice(1);

/** @param {import('./app.js').AppState} state @param {string} template */
export const itemName = ({ content }, template) => capital(nameOf(content, 'item', template));
