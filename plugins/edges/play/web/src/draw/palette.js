// Colours of what is drawn, from the style sheet: themes and palettes are chosen there alone.

const NAMES = /** @type {const} */ ([
  'ground', 'ground-line', 'wall', 'wall-edge', 'door', 'fog', 'own', 'player', 'foe', 'item', 'container', 'projectile', 'hazard', 'storm', 'exit',
  'health', 'mana', 'damage', 'heal', 'critical', 'text', 'muted', 'accent',
]);

/** @typedef {Record<typeof NAMES[number], string>} Palette */

/** Reads `--draw-NAME` of the page's root. Ask again after settings have changed. @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  return /** @type {Palette} */ (Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--draw-${name}`).trim() || '#888'])));
}
