// Which screen is shown: the part of the address behind `#/`, so that going back and reloading keep the place.

/**
 * What every screen is made with.
 * @typedef {object} Context
 * @property {import('./app.js').AppStore} store
 * @property {import('./link.js').Link} link
 * @property {import('./words.js').Words} words
 * @property {Router} router
 *
 * A screen fills `root`, and returns what ends it: listeners, watches, frames. `rest` is what follows its name in the address.
 * @typedef {(root: HTMLElement, context: Context, rest: string) => (() => void)} Screen
 */

export class Router {
  #screens;
  /** @type {(() => void) | undefined} */
  #end;
  /** What is shown: the address behind `#/`. */
  path = '\0';
  /** @type {Context | undefined} */
  #context;

  /** @param {HTMLElement} root @param {Record<string, Screen>} screens by the first word of the address; the empty one is first */
  constructor(root, screens) {
    this.root = root;
    this.#screens = screens;
  }

  /** @param {Context} context */
  start(context) {
    this.#context = context;
    addEventListener('hashchange', () => this.#show());
    this.#show();
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

  /** Makes the screen anew, as after another language was chosen. */
  again() {
    this.path = '\0';
    this.#show();
  }

  #show() {
    if (!this.#context) return;
    const path = location.hash.replace(/^#\/?/, '');
    if (path === this.path) return;
    const [name = '', ...rest] = path.split('/');
    const isKnown = Object.hasOwn(this.#screens, name);
    this.path = path;
    this.#end?.();
    this.root.replaceChildren();
    this.root.dataset.screen = isKnown ? name : '';
    this.#end = this.#screens[isKnown ? name : ''](this.root, this.#context, rest.join('/'));
    this.#context.store.dispatch('ui/shown', { path });
  }
}
