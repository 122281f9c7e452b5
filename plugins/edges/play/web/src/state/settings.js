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

const initial = {
  locale: 'en',
  /** @type {'default' | 'deuteranopia' | 'protanopia' | 'tritanopia' | 'contrast'} */
  palette: 'default',
  /** @type {'system' | 'dark' | 'light'} */
  theme: 'system',
  /** In percent of the usual size. */
  textSize: 100,
  isMotionReduced: false,
  isSoundOn: false,
  keys: KEYS,
};

/** @typedef {typeof initial} Settings */

export const settings = {
  initial,
  on: {
    /** @param {Settings} state @param {Partial<Settings>} chosen */
    'ui/settings': (state, chosen) => ({ ...state, ...chosen }),
  },
};
