// Plays a match as somebody does who knows the keys: makes for the way out that the page tells of, and strikes on the way.

/** @typedef {import('playwright-core').Page} Page */

/** How long it takes at most until a match has begun: others are waited for, and a loadout is chosen. */
export const START_MS = 60_000;
/** How long a match takes at most. */
const MATCH_MS = 120_000;
/** How often it looks where to go. */
const LOOK_MS = 150;
/** Looks without getting nearer after which it walks around what is in the way, and for how many. */
const STUCK = 5;
const DETOUR = 6;
/** Keys by eighths of a turn from east on. */
const WAYS = [['KeyD'], ['KeyD', 'KeyS'], ['KeyS'], ['KeyS', 'KeyA'], ['KeyA'], ['KeyA', 'KeyW'], ['KeyW'], ['KeyW', 'KeyD']];

/** Waits in line for a blitz until it has begun. @param {Page} page */
export async function inMatch(page) {
  await page.evaluate(() => void (location.hash = '#/match/blitz'));
  await page.locator('.match').first().waitFor({ timeout: START_MS });
}

/** What the page tells of the way out. @param {Page} page */
const look = (page) =>
  page.evaluate(() => {
    const way = /** @type {HTMLElement | null} */ (document.querySelector('.match-way:not([hidden])'));
    const stage = /** @type {HTMLElement | null} */ (document.querySelector('.match'))?.dataset.stage ?? 'none';
    return { stage, metres: Number(way?.dataset.metres ?? 0), direction: Number(way?.dataset.direction ?? 0), health: document.querySelector('.match-meter.health')?.getAttribute('aria-valuenow') };
  });

/**
 * Plays for a while, or until it is over. Returns the stage it is at.
 * @param {Page} page
 * @param {number} forMs
 */
export async function playOn(page, forMs) {
  const until = Date.now() + forMs;
  /** @type {string[]} */
  let held = [];
  let [nearest, stuck, detour, turn] = [Infinity, 0, 0, 2];
  let stage = 'live';
  await page.keyboard.down('Digit1');
  while (Date.now() < until) {
    const seen = await look(page);
    stage = seen.stage;
    if (stage !== 'live') break;
    stuck = seen.metres < nearest ? 0 : stuck + 1;
    nearest = seen.metres < nearest || stuck === 0 ? seen.metres : nearest;
    if (stuck > STUCK) [stuck, detour, turn, nearest] = [0, DETOUR, -turn, Infinity];
    detour -= 1;
    const way = (Math.round(seen.direction / 8_192) + (detour > 0 ? turn : 0) + 8) % 8;
    const wanted = seen.metres > 3 ? WAYS[way] : [];
    for (const key of held.filter((each) => !wanted.includes(each))) await page.keyboard.up(key);
    for (const key of wanted.filter((each) => !held.includes(each))) await page.keyboard.down(key);
    held = wanted;
    await page.keyboard.press('KeyE');
    await page.waitForTimeout(LOOK_MS);
  }
  for (const key of [...held, 'Digit1']) await page.keyboard.up(key);
  return stage;
}

/** Plays until the match is settled for this avatar. @param {Page} page @param {() => Promise<void>} [hurt] called once, when somebody has hurt it */
export async function toSettlement(page, hurt) {
  const until = Date.now() + MATCH_MS;
  let whole = '';
  while (Date.now() < until) {
    const stage = await playOn(page, 1_000);
    const { health } = await look(page);
    whole ||= health ?? '';
    if (hurt && health !== whole && health !== '0') {
      await hurt();
      hurt = undefined;
    }
    if (stage === 'settled' || stage === 'none') break;
    if (stage !== 'live') await page.waitForTimeout(LOOK_MS);
  }
  await page.locator('.match[data-stage=settled]').first().waitFor({ timeout: MATCH_MS });
}
