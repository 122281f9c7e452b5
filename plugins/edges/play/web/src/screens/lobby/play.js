// The part of the lobby in which one chooses who plays, and what.

import { fill, h } from '../../dom.js';
import { characters } from './characters.js';
import { line } from './line.js';
import { modes } from './modes.js';

/** @type {import('../lobby.js').Part} */
export const play = (root, context) => {
  const places = [line, modes, characters].map((part) => ({ part, root: h('section', { class: part.name }) }));
  fill(root, places.map((place) => place.root));
  const ends = places.map((place) => place.part(place.root, context));
  return () => ends.forEach((end) => end());
};
