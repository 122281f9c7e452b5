// Screens by the first word of the address.

import { creatures } from './creatures.js';
import { gate } from './gate.js';
import { lobby } from './lobby.js';
import { match } from './match.js';
import { opening } from './opening.js';
import { settings } from './settings.js';
import { world } from './world.js';

/** @type {Record<string, import('../router.js').Screen>} */
export const SCREENS = { '': gate, opening, lobby, match, world, creatures, settings };
