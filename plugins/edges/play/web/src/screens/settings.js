// How the page looks, speaks and is played. All of it holds at once, and is kept in this browser.

import { askSure } from '../dialog.js';
import { fill, h, text } from '../dom.js';
import { PALETTES, TEXT_SIZES, THEMES } from '../state/settings.js';
import { LOCALES } from '../words.js';
import { keysOf } from './settings/keys.js';
import { showSwatches } from './settings/swatches.js';

/** What languages call themselves. @type {Record<string, string>} */
const LANGUAGES = { en: 'English', de: 'Deutsch' };

/** @type {import('../router.js').Screen} */
export const settings = (root, context) => {
  const { store, words, link } = context;
  const say = (/** @type {string} */ id) => words.say(`settings-${id}`);
  const change = (/** @type {object} */ chosen) => store.dispatch('ui/settings', chosen);

  const locale = choiceOf(say('locale'), 'locale', LOCALES.map((each) => ({ value: each, words: LANGUAGES[each] ?? each })), (value) => change({ locale: value }));
  const theme = choiceOf(say('theme'), 'theme', THEMES.map((each) => ({ value: each, words: say(`theme-${each}`) })), (value) => change({ theme: value }));
  const palette = choiceOf(say('palette'), 'palette', PALETTES.map((each) => ({ value: each, words: say(`palette-${each}`) })), (value) => change({ palette: value }));
  const swatches = h('ul', { class: 'swatches' });
  const size = h('input', {
    type: 'range', name: 'text-size', min: '0', max: String(TEXT_SIZES.length - 1), step: '1', id: 'text-size',
    oninput: () => change({ textSize: TEXT_SIZES[Number(size.value)] }),
  });
  const percent = h('output', { for: 'text-size', class: 'number' });
  const motion = h('input', { type: 'checkbox', name: 'motion', onchange: () => change({ isMotionReduced: motion.checked }) });
  const sound = h('input', { type: 'checkbox', name: 'sound', onchange: () => change({ isSoundOn: sound.checked }) });
  const keys = h('div', { class: 'keys' });
  const reset = async () => {
    const isSure = await askSure({ title: say('reset-title'), about: say('reset-about'), yes: say('reset'), no: words.say('lobby-keep') });
    if (isSure) store.dispatch('ui/settings_reset');
  };
  const everywhere = async () => {
    const isSure = await askSure({ title: say('everywhere'), about: say('everywhere-about'), yes: say('everywhere'), no: words.say('lobby-keep') });
    if (isSure) await link.logoutEverywhere().catch((error) => link.failed(error));
  };
  fill(
    root,
    h(
      'div',
      { class: 'page settings' },
      h('h1', {}, words.say('way-settings')),
      h(
        'div',
        { class: 'groups' },
        h('section', { class: 'card' }, h('h2', {}, say('look')), theme.element, palette.element, swatches),
        h(
          'section',
          { class: 'card' },
          h('h2', {}, say('read')),
          locale.element,
          h('div', { class: 'field' }, h('div', { class: 'label' }, h('label', { for: 'text-size' }, say('text-size')), percent), size, h('p', { class: 'sample' }, say('sample'))),
          switchOf(motion, say('motion'), say('motion-about')),
          switchOf(sound, say('sound'), say('sound-about')),
        ),
        h('section', { class: 'card wide' }, h('h2', {}, say('keys')), h('p', { class: 'small muted' }, say('keys-about')), keys),
        h(
          'section',
          { class: 'card wide' },
          h('h2', {}, say('account')),
          h('div', { class: 'row' }, h('button', { type: 'button', onclick: () => void reset() }, say('reset')), h('button', { type: 'button', class: 'danger', onclick: () => void everywhere() }, say('everywhere'))),
        ),
      ),
    ),
  );
  const endKeys = keysOf(keys, context);
  const end = store.watch(
    ({ settings: chosen }) => chosen,
    (chosen) => {
      locale.choose(chosen.locale);
      theme.choose(chosen.theme);
      palette.choose(chosen.palette);
      size.value = String(Math.max(0, TEXT_SIZES.indexOf(chosen.textSize)));
      size.setAttribute('aria-valuetext', `${chosen.textSize} %`);
      text(percent, `${chosen.textSize} %`);
      motion.checked = chosen.isMotionReduced;
      sound.checked = chosen.isSoundOn;
      requestAnimationFrame(() => showSwatches(swatches, words));
    },
  );
  return () => {
    end();
    endKeys();
  };
};

/**
 * One of several, as buttons that arrow keys go through.
 * @param {string} legend @param {string} name @param {{ value: string, words: string }[]} options @param {(value: string) => void} chosen
 */
function choiceOf(legend, name, options, chosen) {
  const inputs = options.map(({ value }) => h('input', { type: 'radio', name, value, onchange: () => chosen(value) }));
  const element = h(
    'fieldset',
    { class: 'options' },
    h('legend', {}, legend),
    h('div', { class: 'row' }, options.map(({ words }, at) => h('label', { class: 'option' }, inputs[at], h('span', {}, words)))),
  );
  return { element, choose: (/** @type {string} */ value) => inputs.forEach((input) => (input.checked = input.value === value)) };
}

/** @param {HTMLInputElement} input @param {string} words @param {string} about */
const switchOf = (input, words, about) => h('label', { class: 'switch' }, input, h('span', {}, h('span', {}, words), h('span', { class: 'small muted' }, about)));
