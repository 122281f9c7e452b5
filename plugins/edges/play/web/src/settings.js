// Keeps settings in this browser, and applies them to the page.

import { sound } from './state/settings.js';
import { LOCALES } from './words.js';

const KEY = 'hypogeum.settings';

/** What was kept, or what the browser says of itself. @returns {Partial<import('./state/settings.js').Settings>} */
export function loadSettings() {
  const wished = navigator.languages.map((each) => each.split('-')[0]).find((each) => LOCALES.includes(each)) ?? 'en';
  const own = { locale: wished, isMotionReduced: matchMedia('(prefers-reduced-motion: reduce)').matches };
  try {
    return { ...own, ...sound(JSON.parse(localStorage.getItem(KEY) ?? '{}')) };
  } catch {
    return own;
  }
}

/** Applies settings now and whenever they change, and keeps them. @param {import('./router.js').Context} context */
export function applySettings({ store, words, router, link }) {
  const { documentElement: root } = document;
  store.watch(
    ({ settings }) => settings,
    (settings, before) => {
      root.lang = settings.locale;
      root.dataset.theme = settings.theme;
      root.dataset.palette = settings.palette;
      root.dataset.motion = settings.isMotionReduced ? 'reduced' : 'full';
      root.style.setProperty('--text-scale', String(settings.textSize / 100));
      if (!before) return;
      try {
        localStorage.setItem(KEY, JSON.stringify(settings));
      } catch {
        // A full or closed storage: it holds until the page is left.
      }
      if (settings.locale === before.locale) return;
      void words.use(settings.locale).then(() => {
        // Another one may have been chosen meanwhile.
        if (store.state.settings.locale !== settings.locale) return;
        router.again();
        store.dispatch('ui/words', { locale: settings.locale });
        link.speak(settings.locale);
      });
    },
  );
}
