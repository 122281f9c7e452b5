// Plays what is to be heard, where somebody wants sound: made of waves, without files.

import { SOUNDS, Voices } from './state/sounds.js';

/** @param {import('./router.js').Context} context */
export function playSounds({ store }) {
  const voices = new Voices();
  /** @type {AudioContext | undefined} */
  let audio;
  // Browsers let a page be heard only once somebody has done something on it.
  const wake = () => {
    if (!store.state.settings.isSoundOn) return;
    audio ??= new AudioContext();
    if (audio.state === 'suspended') void audio.resume();
  };
  for (const gesture of ['pointerup', 'keydown', 'change']) addEventListener(gesture, wake);
  let played = 0;
  store.watch(
    ({ sounds }) => sounds,
    (/** @type {import('./state/sounds.js').Sounds} */ { heard, last }) => {
      const fresh = heard.filter(({ number }) => number > played);
      played = last;
      if (audio?.state !== 'running' || !store.state.settings.isSoundOn) return;
      for (const { sound } of fresh) {
        if (voices.take(audio.currentTime, SOUNDS[sound][3])) play(audio, SOUNDS[sound]);
      }
    },
  );
}

/** @param {AudioContext} audio @param {typeof SOUNDS[keyof typeof SOUNDS]} sound */
function play(audio, [wave, from, to, lastsS, loudness]) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  const [now, end] = [audio.currentTime, audio.currentTime + lastsS];
  tone.type = wave;
  tone.frequency.setValueAtTime(from, now);
  tone.frequency.exponentialRampToValueAtTime(to, end);
  volume.gain.setValueAtTime(loudness, now);
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(volume).connect(audio.destination);
  tone.start(now);
  tone.stop(end);
}
