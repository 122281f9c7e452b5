// A creature of a game in small: its picture, its name, and whose it is.

import { h } from '../../dom.js';
import { ownerOf } from './fighter.js';
import { typeOf } from './loading.js';
import { picture } from './picture.js';

/** @param {import('../../router.js').Context} context @param {import('../../state/game_view.js').Entrant} entrant */
export function fighterBadge({ store, words }, entrant) {
  const type = typeOf(store.state, entrant.kind);
  return h('div', { class: 'head' }, picture(type, entrant.name), h('div', {}, h('strong', {}, entrant.name), h('p', { class: 'muted small' }, `${type.name} · ${ownerOf(words, entrant)}`)));
}
