// All slices of the state, in one store.

import { Store } from './store.js';
import { chat } from './state/chat.js';
import { content } from './state/content.js';
import { games } from './state/games.js';
import { lobby } from './state/lobby.js';
import { match } from './state/match.js';
import { notices } from './state/notices.js';
import { session } from './state/session.js';
import { settings } from './state/settings.js';
import { sounds } from './state/sounds.js';
import { world } from './state/world.js';

export const SLICES = { chat, content, games, lobby, match, notices, session, settings, sounds, world };

/** @typedef {Store<typeof SLICES>} AppStore */
/** @typedef {AppStore['state']} AppState */

/** @returns {AppStore} */
export const newStore = () => new Store(SLICES);
