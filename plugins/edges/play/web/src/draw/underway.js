// What those around are in the middle of: a cast, or the way out. Each is told as it begins, with how long it takes.

import { paintChannel } from './areas.js';
import { METRE } from './camera.js';

/** So many at once; the oldest are forgotten first. */
const MOST = 128;
/** What events are about, by the colours it is drawn in. @type {Record<string, '' | 'mana' | 'exit' | undefined>} */
const COLOURS = { cast_began: 'mana', extraction_began: 'exit', extraction_broken: 'exit', revive_began: 'exit', revive_broken: 'exit', revived: '', downed: '', died: '' };

export class Underway {
  /** @type {{ who: number, colour: 'mana' | 'exit', sinceMs: number, lastsMs: number }[]} */
  #all = [];

  /** @param {import('../../types/messages.js').GameEvent} event @param {number} nowMs @param {number} hz steps a second */
  take(event, nowMs, hz) {
    const [[name, { who, ticks }]] = /** @type {[string, { who: number, ticks?: number }][]} */ (Object.entries(event));
    const colour = COLOURS[name];
    if (colour === undefined) return;
    // Who dies or goes down is at nothing any more, and who begins anew begins from the start.
    this.#all = this.#all.filter((one) => nowMs - one.sinceMs < one.lastsMs && (one.who !== who || (colour && one.colour !== colour))).slice(1 - MOST);
    if (colour && ticks) this.#all.push({ who, colour, sinceMs: nowMs, lastsMs: (ticks * 1_000) / hz });
  }

  /** Those who are at it, and how far, from 0 to 1. @param {number} nowMs @param {(who: number, part: number, colour: 'mana' | 'exit') => void} each */
  each(nowMs, each) {
    for (const { who, colour, sinceMs, lastsMs } of this.#all) {
      const part = (nowMs - sinceMs) / lastsMs;
      if (part < 1) each(who, part, colour);
    }
  }

  /**
   * Rings around those who are seen.
   * @param {CanvasRenderingContext2D} pen @param {import('./camera.js').Camera} camera @param {import('./palette.js').Palette} palette @param {number} nowMs
   * @param {boolean} isStill without motion they grow by quarters @param {(who: number) => { x: number, y: number } | undefined} placeOf
   */
  paint(pen, camera, palette, nowMs, isStill, placeOf) {
    this.each(nowMs, (who, part, colour) => {
      const at = placeOf(who);
      const radius = (colour === 'exit' ? 1.26 : 1.05) * METRE * camera.scale;
      if (at) paintChannel(pen, camera.toScreenX(at.x), camera.toScreenY(at.y), radius, isStill ? Math.ceil(part * 4) / 4 : part, palette[colour], palette);
    });
  }
}
