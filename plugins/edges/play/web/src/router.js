// Which screen is shown: the part of the address behind `#/`, so that going back and reloading keep the place.

import { closeDialogs } from './dialog.js';

/**
 * What every screen is made with.
 * @typedef {object} Context
 * @property {import('./app.js').AppStore} store
 * @property {import('./link.js').Link} link
 * @property {import('./words.js').Words} words
 * @property {Router} router
 * @property {import('./line.js').Line} line
 *
 * A screen fills `root`, and returns what ends it: listeners, watches, frames. `rest` is what follows its name in the address.
 * @typedef {(root: HTMLElement, context: Context, rest: string) => (() => void)} Screen
 */

/** The screen for whoever is not logged in; the one for a moment in which that is not known; and the one for an address that is none. */
const GATE = '';
const OPENING = 'opening';
const HOME = 'lobby';

/**
 * The name of the screen for an address.
 * @param {string} path behind `#/`
 * @param {{ isKnown: boolean, stand: string }} session
 * @param {Record<string, unknown>} screens
 */
export function screenOf(path, { isKnown, stand }, screens) {
  if (!isKnown) return OPENING;
  if (stand === 'out') return GATE;
  const name = path.split('/')[0];
  return name !== GATE && name !== OPENING && Object.hasOwn(screens, name) ? name : HOME;
}

export class Router {
  #screens;
  /** @type {(() => void) | undefined} */
  #end;
  /** The address behind `#/`. */
  path = '';
  /** What is shown: the name of a screen, and the address. */
  #shown = '';
  /** @type {Context | undefined} */
  #context;

  /** @param {HTMLElement} root @param {Record<string, Screen>} screens by the first word of the address; the empty one is the gate */
  constructor(root, screens) {
    this.root = root;
    this.#screens = screens;
  }

  /** @param {Context} context */
  start(context) {
    this.#context = context;
    addEventListener('hashchange', () => this.#show());
    // Whoever logs in goes on where the address says, and whoever is out is at the gate, whatever it says.
    context.store.watch(
      ({ session: { isKnown, stand } }) => (isKnown ? stand === 'out' : undefined),
      () => this.#show(),
    );
  }

  /** @param {string} path `match`, `creatures/game/3` @param {{ isReplaced?: boolean }} [options] without a way back to where one was */
  go(path, { isReplaced = false } = {}) {
    const hash = `#/${path}`;
    if (location.hash === hash) return;
    if (!isReplaced) location.hash = hash;
    else {
      history.replaceState(null, '', hash);
      this.#show();
    }
  }

  /** Makes the screen anew, as after another language was chosen. What has the focus has it again, by its name. */
  again() {
    const { activeElement } = document;
    const name = activeElement instanceof HTMLElement && this.root.contains(activeElement) ? activeElement.getAttribute('name') : null;
    this.#shown = '';
    this.#show();
    const again = name ? this.root.querySelector(`[name=${CSS.escape(name)}]`) : null;
    if (again instanceof HTMLElement) again.focus();
  }

  #show() {
    if (!this.#context) return;
    const { store, words } = this.#context;
    // What is no address of a screen is a place in the page, as the skip link's.
    if (/^(#\/|#?$)/.test(location.hash)) this.path = location.hash.slice(2);
    const name = screenOf(this.path, store.state.session, this.#screens);
    if (name === HOME && this.path.split('/')[0] !== HOME) {
      history.replaceState(null, '', `#/${HOME}`);
      this.path = HOME;
    }
    const shown = `${name} ${name === GATE || name === OPENING ? '' : this.path}`;
    if (shown === this.#shown) return;
    const isFirst = this.#shown === '' || this.root.dataset.screen === OPENING;
    this.#shown = shown;
    closeDialogs();
    this.#end?.();
    this.root.replaceChildren();
    this.root.dataset.screen = name;
    this.#end = this.#screens[name](this.root, this.#context, this.path.split('/').slice(1).join('/'));
    document.title = name === GATE || name === OPENING ? 'Hypogeum' : `${words.say(`way-${name}`)} · Hypogeum`;
    if (!isFirst) this.#face();
    store.dispatch('ui/shown', { path: this.path });
    // For what stands around the screen.
    this.root.dispatchEvent(new Event('shown'));
  }

  /** Whoever reads by a screen reader or the keyboard begins at the new screen, not where the old one was. */
  #face() {
    scrollTo(0, 0);
    if (!this.root.contains(document.activeElement)) this.root.focus({ preventScroll: true });
  }
}
