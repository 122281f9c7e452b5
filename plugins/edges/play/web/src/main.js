// Starts the page: words and settings, then the login that is kept, then the screen of the address.

import { newStore } from './app.js';
import { Line } from './line.js';
import { Link } from './link.js';
import { followPlaces } from './places.js';
import { Router } from './router.js';
import { applySettings, loadSettings } from './settings.js';
import { SCREENS } from './screens/index.js';
import { showShell } from './shell.js';
import { playSounds } from './sound.js';
import { watchNetwork } from './network.js';
import { Words } from './words.js';

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  const store = newStore();
  const words = new Words();
  store.dispatch('ui/settings', loadSettings());
  await words.use(store.state.settings.locale);
  const link = new Link(store);
  const router = new Router(element('screen'), SCREENS);
  const context = { store, link, words, router, line: new Line(store, link) };
  applySettings(context);
  router.start(context);
  showShell(element('bar'), element('notices'), context);
  followPlaces(context);
  playSounds(context);
  watchNetwork(context);
  await link.restore();
}

void start();
