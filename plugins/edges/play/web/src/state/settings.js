// What somebody has chosen about how the page looks and is played. `src/settings.js` keeps it and applies it.

/** What keys do, by the name of what is done; values are `KeyboardEvent.code`. */
export const KEYS = {
  up: 'KeyW',
  left: 'KeyA',
  down: 'KeyS',
  right: 'KeyD',
  ability_1: 'Digit1',
  ability_2: 'Digit2',
  ability_3: 'Digit3',
  ability_4: 'Digit4',
  interact: 'KeyE',
  bag: 'KeyI',
  scores: 'KeyQ',
  map: 'KeyM',
  say: 'Enter',
  stop: 'Escape',
};

/** Keys that go where their names say in every program. */
const FIXED = new Set(['Tab', 'F5', 'F11', 'F12', 'MetaLeft', 'MetaRight']);

export const PALETTES = /** @type {const} */ (['default', 'deuteranopia', 'protanopia', 'tritanopia', 'contrast']);
export const THEMES = /** @type {const} */ (['system', 'dark', 'light']);
/** In percent of the usual size. */
export const TEXT_SIZES = [80, 90, 100, 115, 130, 150, 175, 200];

const initial = {
  locale: 'en',
  /** @type {typeof PALETTES[number]} */
  palette: 'default',
  /** @type {typeof THEMES[number]} */
  theme: 'system',
  /** In percent of the usual size. */
  textSize: 100,
  isMotionReduced: false,
  isSoundOn: false,
  /** @type {Record<keyof typeof KEYS, string>} */
  keys: KEYS,
};

/** @typedef {typeof initial} Settings */

export const settings = {
  initial,
  on: {
    /** @param {Settings} state @param {Partial<Settings>} chosen */
    'ui/settings': (state, chosen) => ({ ...state, ...chosen }),
    /** Another key does it; the action that had it gets the old one, so each has one. @param {Settings} state @param {{ action: keyof typeof KEYS, code: string }} bound */
    'ui/key_bound': (state, { action, code }) => ({ ...state, keys: bound(state.keys, action, code) }),
    'ui/settings_reset': (/** @type {Settings} */ { locale }) => ({ ...initial, locale }),
  },
};

/** @typedef {Record<keyof typeof KEYS, string>} Keys */

/** Which action has a key already. @param {Keys} keys @param {keyof Keys} action @param {string} code @returns {keyof Keys | undefined} */
export function conflictOf(keys, action, code) {
  return /** @type {(keyof Keys)[]} */ (Object.keys(keys)).find((other) => other !== action && keys[other] === code);
}

/** @param {unknown} value */
const wordOf = (value) => (typeof value === 'string' ? value : '');

/** Whether a key can be bound. @param {string} code */
export const isBindable = (code) => code !== '' && code !== 'Unidentified' && !FIXED.has(code);

/** @param {Keys} keys @param {keyof Keys} action @param {string} code @returns {Keys} */
export function bound(keys, action, code) {
  if (!isBindable(code)) return keys;
  const other = conflictOf(keys, action, code);
  return { ...keys, ...(other && { [other]: keys[action] }), [action]: code };
}

/** What of kept settings is good: another version of the page, or somebody by hand, may have written them. @param {any} kept @returns {Partial<Settings>} */
export function sound(kept) {
  if (typeof kept !== 'object' || kept === null) return {};
  /** @type {any} */
  const good = {};
  for (const [name, value] of Object.entries(initial)) {
    if (name !== 'keys' && typeof kept[name] === typeof value) good[name] = kept[name];
  }
  if (good.palette !== undefined && !PALETTES.includes(good.palette)) delete good.palette;
  if (good.theme !== undefined && !THEMES.includes(good.theme)) delete good.theme;
  if (good.textSize !== undefined && !TEXT_SIZES.includes(good.textSize)) delete good.textSize;
  const keys = Object.entries(KEYS).map(([action, code]) => [action, isBindable(wordOf(kept.keys?.[action])) ? kept.keys[action] : code]);
  return { ...good, keys: Object.fromEntries(keys) };
}
