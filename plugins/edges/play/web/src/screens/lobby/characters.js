// Who plays: the account itself, or one of its characters. Choosing one connects as that one.

import { askSure } from '../../dialog.js';
import { fill, h, keep, text } from '../../dom.js';
import { nameOf } from '../../state/content.js';
import { creator } from './creator.js';
import { readWhileIn } from './reading.js';
import { wishOf } from './wishes.js';

/** @typedef {import('../../state/lobby.js').Character} Character */
/** @typedef {{ id: number | undefined, name: string, created: number }} Face */

/** Characters of an account at most. */
const CHARACTERS_MAX = 8;

/** @type {import('../lobby.js').Part} */
export const characters = (root, context) => {
  const { store, words, link } = context;
  const faces = h('div', { class: 'cards faces' });
  const add = h('div', {});
  fill(root, h('h2', {}, words.say('lobby-characters')), h('p', { class: 'small muted' }, words.say('lobby-characters-about')), faces, add);
  const endCreator = creator(add, context);
  const show = () => {
    const { lobby, session } = store.state;
    const own = lobby.profile?.name ?? (session.characterId === undefined ? session.name : '');
    const list = (lobby.characters ?? []).map(({ character_id: id, name, created_s: created }) => ({ id, name, created }));
    /** @type {Face[]} */
    const all = [{ id: undefined, name: own || '…', created: lobby.profile?.created_s ?? 0 }, ...list];
    keep(faces, all, ({ id }) => id ?? 'account', (face) => faceOf(face, context), (card, face) => update(card, face, context));
    add.hidden = list.length >= CHARACTERS_MAX;
  };
  const ends = [
    readWhileIn(context, () => void link.ask('characters', link.api.characters())),
    store.watch(({ lobby }) => lobby.characters, show),
    store.watch(({ lobby }) => lobby.profile, show),
    store.watch(({ lobby }) => lobby.queue, show),
    store.watch(({ session }) => session, show),
    store.watch(({ content }) => content.names, show),
  ];
  return () => {
    endCreator();
    ends.forEach((end) => end());
  };
};

/** @param {Face} face @param {import('../../router.js').Context} context */
function faceOf({ id, name }, context) {
  const { words, link } = context;
  const choose = () => void link.connect(id).catch((error) => link.failed(error));
  return h(
    'article',
    { class: 'card face' },
    h('div', { class: 'whose' }, h('span', { class: 'seal', 'aria-hidden': 'true' }), h('div', {}, h('h3', {}), h('p', { class: 'small muted' }))),
    h(
      'div',
      { class: 'row' },
      h('button', { class: 'choose', type: 'button', onclick: choose }),
      id === undefined ? null : h('button', { class: 'enter', type: 'button', onclick: () => enter(context) }, words.say('lobby-enter-world')),
      id === undefined
        ? null
        : h('button', { class: 'plain small delete', type: 'button', 'aria-label': words.say('lobby-delete-name', { name }), onclick: () => void remove(id, name, context) }, words.say('lobby-delete')),
    ),
  );
}

/** @param {HTMLElement} card @param {Face} face @param {import('../../router.js').Context} context */
function update(card, { id, name, created }, { store, words }) {
  const { session, lobby, content } = store.state;
  const isChosen = session.characterId === id;
  const part = (/** @type {string} */ selector) => /** @type {HTMLButtonElement} */ (card.querySelector(selector));
  card.classList.toggle('chosen', isChosen);
  text(part('.seal'), name.slice(0, 1).toUpperCase());
  text(part('h3'), name);
  const wish = id === undefined ? '' : wishOf(store.state, id);
  const since = created ? new Date(created * 1_000).toLocaleDateString(words.tag, { dateStyle: 'medium' }) : '';
  const about = id === undefined ? words.say('lobby-account') : words.say('lobby-since', { date: since });
  text(part('p'), wish ? `${nameOf(content, 'archetype', wish)} · ${about}` : about);
  // Another connection would give the place in line up, or leave what goes on.
  const isFree = session.place === undefined && lobby.queue === undefined;
  const choose = part('.choose');
  choose.setAttribute('aria-pressed', String(isChosen));
  choose.disabled = isChosen || !isFree || session.stand === 'connecting';
  choose.setAttribute('aria-label', words.say(isChosen ? 'lobby-chosen-name' : 'lobby-choose-name', { name }));
  text(choose, words.say(isChosen ? (session.stand === 'connecting' ? 'lobby-choosing' : 'lobby-chosen') : 'lobby-choose'));
  if (id === undefined) return;
  const into = part('.enter');
  into.hidden = !isChosen;
  into.disabled = !isFree || session.stand !== 'open';
}

/** The world answers by telling where one is; `places.js` goes there. @param {import('../../router.js').Context} context */
function enter({ store, link }) {
  const { characterId } = store.state.session;
  const wish = characterId === undefined ? '' : wishOf(store.state, characterId);
  link.client?.enterWorld(wish);
}

/** @param {number} id @param {string} name @param {import('../../router.js').Context} context */
async function remove(id, name, { store, words, link }) {
  const isSure = await askSure({
    title: words.say('lobby-delete-title', { name }),
    about: words.say('lobby-delete-about'),
    yes: words.say('lobby-delete'),
    no: words.say('lobby-keep'),
  });
  if (!isSure) return;
  const gone = await link.ask('character_deleted', link.api.deleteCharacter(id));
  await link.ask('characters', link.api.characters());
  // Nobody plays on as somebody who is no more.
  if (gone && store.state.session.characterId === id) await link.connect().catch((error) => link.failed(error));
}
