// Which sound what happens gives, and how many are heard at once. `src/sound.js` plays them.

/** @typedef {import('../../types/messages.js').GameEvent} GameEvent */
/** @typedef {keyof typeof SOUNDS} Sound */

/** A wave, from one pitch to another in hertz, seconds, and how loud from 0 to 1. @type {Record<'hit' | 'hurt' | 'cast' | 'loot' | 'exit' | 'death' | 'win', readonly [OscillatorType, number, number, number, number]>} */
export const SOUNDS = {
  hit: ['square', 240, 90, 0.08, 0.12],
  hurt: ['sawtooth', 160, 60, 0.16, 0.25],
  cast: ['sine', 320, 880, 0.3, 0.15],
  loot: ['triangle', 660, 990, 0.12, 0.2],
  exit: ['sine', 220, 440, 0.6, 0.15],
  death: ['sawtooth', 220, 40, 0.9, 0.25],
  win: ['triangle', 440, 880, 0.8, 0.25],
};

/** So many are heard at once; what would be one more is not. */
export const VOICES_MAX = 6;

const initial = {
  /** The avatar whose sounds are heard. */
  avatar: 0,
  /** What the avatar carries: how many pieces, as far as one was told. @type {number | undefined} */
  carried: undefined,
  /** What was to be heard lately, the newest last. @type {readonly { number: number, sound: Sound }[]} */
  heard: [],
  last: 0,
};

/** @typedef {typeof initial} Sounds */

/** Nothing where one is not concerned. @param {GameEvent} event @param {number} avatar @returns {Sound | undefined} */
export function soundOf(event, avatar) {
  if ('damaged' in event) return event.damaged.target === avatar ? 'hurt' : event.damaged.source === avatar ? 'hit' : undefined;
  const [[name, about]] = Object.entries(event);
  if (/** @type {{ who?: number }} */ (about).who !== avatar) return undefined;
  return /** @type {Record<string, Sound>} */ ({ cast_began: 'cast', swung: 'cast', extraction_began: 'exit', extracted: 'win', died: 'death' })[name];
}

/** Of one kind one sound is enough for what happens in one step. @param {Sounds} state @param {Iterable<Sound>} sounds @returns {Sounds} */
function hearing(state, sounds) {
  const fresh = [...new Set(sounds)].map((sound, at) => ({ number: state.last + at + 1, sound }));
  return fresh.length ? { ...state, heard: [...state.heard, ...fresh].slice(-VOICES_MAX), last: state.last + fresh.length } : state;
}

export const sounds = {
  initial,
  on: {
    /** @param {Sounds} state @param {import('./place.js').Begun} started */
    'server/match_started': (state, { avatar }) => ({ ...state, avatar, carried: undefined }),
    /** @param {Sounds} state @param {{ events: GameEvent[] }} told */
    'server/events': (state, { events }) => hearing(state, events.flatMap((event) => soundOf(event, state.avatar) ?? [])),
    /** @param {Sounds} state @param {import('../../types/messages.js').ServerPayloads['inventory']} inventory */
    'server/inventory': (state, { items }) => {
      const carried = items.reduce((sum, item) => sum + item.state.count, 0);
      return { ...hearing(state, carried > (state.carried ?? carried) ? ['loot'] : []), carried };
    },
    'link/logged_out': () => initial,
  },
};

/** Voices that are under way. */
export class Voices {
  /** When each ends, in seconds. @type {number[]} */
  #ends = [];

  /** Takes one for so many seconds. Returns whether one was free. @param {number} nowS @param {number} lastsS */
  take(nowS, lastsS) {
    this.#ends = this.#ends.filter((end) => end > nowS);
    if (this.#ends.length >= VOICES_MAX) return false;
    this.#ends.push(nowS + lastsS);
    return true;
  }
}
