// The way into the world: as whom, and what a new character is to be.

import { HypogeumError } from '../../../sdk/index.js';
import { fill, h, text } from '../../dom.js';
import { readPalette } from '../../draw/palette.js';
import { nameOf } from '../../state/content.js';
import { wishOf } from '../lobby/wishes.js';
import { paintPortrait } from './figures.js';

/** @typedef {{ character_id: number, name: string }} Character */

/** Who is in the world in this tab: after a reload one goes on as the same. */
const KEPT = 'hypogeum.world';
const CHARACTERS_MAX = 8;
/** A kind that nobody can be of: whoever has been in the world enters all the same, and whoever has not is asked. */
const NO_KIND = '?';

/** Who was in the world when this tab was left. */
function kept() {
  try {
    return Number(sessionStorage.getItem(KEPT)) || undefined;
  } catch {
    return undefined;
  }
}
/** @param {number | undefined} character */
export function keepCharacter(character) {
  try {
    if (character) sessionStorage.setItem(KEPT, String(character));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A closed storage: after a reload one is asked.
  }
}

/** See the head of this file. */
export class Entrance {
  /** @type {Character[] | undefined} */
  #characters;
  /** Whose kind is to be chosen: somebody who has never been in the world. @type {Character | undefined} */
  #novice;
  #isBusy = false;
  #hasEnded = false;
  /** What was typed into the form of a new character, which is made anew. */
  #typed = { name: '', kind: '' };
  #hadFocus = '';
  #wrong = h('p', { class: 'bad', role: 'alert' });

  /** @param {HTMLElement} root @param {import('../../router.js').Context} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
  }

  show() {
    const { store } = this.context;
    const ends = [
      store.watch(
        ({ session, lobby }) => session.stand === 'open' && !session.place && !lobby.queue,
        (isFree) => (isFree ? void this.#welcome() : this.#fill()),
      ),
      store.watch(({ content }) => content, () => this.#fill()),
    ];
    return () => {
      this.#hasEnded = true;
      for (const end of ends) end();
    };
  }

  /** Once there is a connection: goes on where this tab was, or asks as whom. */
  async #welcome() {
    const { store, link } = this.context;
    // What goes on is told by itself.
    if (this.#isBusy || (store.state.session.welcome?.current_match ?? null) !== null) return;
    const answer = await link.ask('characters', link.api.characters());
    if (this.#hasEnded) return;
    /** @type {Character[]} */
    const characters = answer?.characters ?? [];
    this.#characters = characters;
    const last = characters.find(({ character_id: id }) => id === kept());
    if (last) await this.#enter(last);
    this.#fill();
  }

  /** @param {Character} character @param {string} [wish] what it is to be, where it is new */
  async #enter(character, wish = '') {
    const { store, link } = this.context;
    await this.#tried(async () => {
      const { session } = store.state;
      if (session.characterId !== character.character_id || session.stand !== 'open') await link.connect(character.character_id);
      keepCharacter(character.character_id);
      if ((store.state.session.welcome?.current_match ?? null) !== null) return;
      try {
        // What it is to be may have been chosen where it was made.
        const wished = wishOf(store.state, character.character_id);
        await link.client?.request('enter_world', { wish: wish || wished || NO_KIND });
      } catch (error) {
        keepCharacter(undefined);
        if (!(error instanceof HypogeumError) || error.code !== 'out_of_range' || wish) throw error;
        // Somebody who has never been in the world.
        this.#novice = character;
      }
    });
  }

  /** @param {string} name @param {string} wish */
  async #make(name, wish) {
    const { link } = this.context;
    await this.#tried(async () => {
      const character = await link.api.createCharacter(name);
      this.#typed = { name: '', kind: '' };
      this.#characters = [...(this.#characters ?? []), character];
      this.#isBusy = false;
      await this.#enter(character, wish);
    });
  }

  /** @param {() => Promise<void>} what */
  async #tried(what) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    text(this.#wrong, '');
    this.root.setAttribute('aria-busy', 'true');
    try {
      await what();
    } catch (error) {
      text(this.#wrong, error instanceof Error ? error.message : String(error));
    } finally {
      this.#isBusy = false;
      this.root.removeAttribute('aria-busy');
      this.#fill();
    }
  }

  #fill() {
    const { store, words } = this.context;
    if (this.#hasEnded || this.#isBusy) return;
    this.#remember();
    const say = words.say.bind(words);
    const { session } = store.state;
    const page = h('div', { class: 'page world-entrance' }, h('h1', {}, say('way-world')), h('p', { class: 'muted' }, say('world-about')));
    fill(this.root, page);
    if (session.stand === 'out') return page.append(h('a', { class: 'button', href: '#/' }, say('log-in')));
    // Who enters gives up what it is in.
    if (session.place) return page.append(h('p', {}, say(`lobby-in-${session.place.kind}`)), h('a', { class: 'button', href: `#/${session.place.kind}` }, say('lobby-go-back')));
    const { queue } = store.state.lobby;
    if (queue) return page.append(h('p', {}, say('lobby-in-line', { mode: queue.mode })), h('a', { class: 'button', href: '#/lobby' }, say('way-lobby')));
    page.append(this.#wrong);
    if (!this.#characters) return page.append(h('p', { role: 'status' }, say('world-waiting')));
    if (this.#novice) return page.append(this.#kinds(this.#novice));
    const chosen = session.characterId ?? kept();
    const known = [...this.#characters].sort((one, other) => Number(other.character_id === chosen) - Number(one.character_id === chosen));
    if (known.length > 0) {
      page.append(
        h('h2', {}, say('world-enter-as')),
        h('ul', { class: 'cards', role: 'list' }, known.map((character) => h('li', { class: 'card world-who' }, this.#portrait(character.name), h('h3', {}, character.name), h('button', { class: 'primary', 'aria-label': say('world-enter-name', { name: character.name }), onclick: () => void this.#enter(character) }, say('world-enter'))))),
      );
    }
    if (known.length < CHARACTERS_MAX) page.append(this.#kinds(undefined));
    if (this.#hadFocus) /** @type {HTMLElement | null} */ (page.querySelector(`form [name=${this.#hadFocus}]`))?.focus();
  }

  /** Keeps what somebody has typed, for the form is made anew. */
  #remember() {
    const form = this.root.querySelector('form');
    if (!form) return;
    const given = new FormData(form);
    this.#typed = { name: String(given.get('character') ?? ''), kind: String(given.get('kind') ?? '') };
    this.#hadFocus = form.contains(document.activeElement) ? (document.activeElement?.getAttribute('name') ?? '') : '';
  }

  /** @param {string} name */
  #portrait(name) {
    const canvas = h('canvas', { width: 112, height: 112, class: 'world-portrait', 'aria-hidden': 'true' });
    paintPortrait(canvas, name, readPalette());
    return canvas;
  }

  /** The kinds a new character can be of; without a character also its name. @param {Character | undefined} character */
  #kinds(character) {
    const { store, words } = this.context;
    const say = words.say.bind(words);
    const { content } = store.state;
    const name = h('input', { name: 'character', value: this.#typed.name, required: true, minLength: 3, maxLength: 24, autocomplete: 'off' });
    const kinds = (content.tables.archetypes ?? []).map(({ key, avatar }, index) => {
      const abilities = avatar.abilities.map((/** @type {string} */ ability) => nameOf(content, 'ability', ability)).join(' · ');
      const facts = say('world-kind-facts', { speed: words.number(avatar.speed_cm_per_s / 100), sight: words.number(avatar.sight_cm / 100), slots: avatar.inventory_slots });
      return h(
        'label',
        { class: 'card world-kind' },
        h('span', { class: 'row' }, h('input', { type: 'radio', name: 'kind', value: key, checked: this.#typed.kind ? key === this.#typed.kind : index === 0 }), this.#portrait(key), h('strong', {}, nameOf(content, 'archetype', key))),
        h('span', { class: 'small muted' }, abilities),
        h('span', { class: 'small muted number' }, facts),
      );
    });
    const onsubmit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const wish = String(new FormData(form).get('kind') ?? '');
      void (character ? this.#enter(character, wish) : this.#make(name.value, wish));
    };
    const form = h(
      'form',
      { class: 'stack', onsubmit },
      h('h2', {}, character ? say('world-kind-of', { name: character.name }) : say('world-new')),
      !character && h('label', { class: 'world-name' }, say('name'), name),
      h('fieldset', { class: 'cards world-kinds' }, h('legend', { class: 'hidden' }, say('world-kinds')), kinds),
      h('div', { class: 'row' }, h('button', { class: 'primary', type: 'submit' }, say('world-enter'))),
    );
    return form;
  }
}
