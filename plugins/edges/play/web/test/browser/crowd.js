// Draws 200 things that move, by the page's own drawing and interpolation, for figures. It runs in the page.

/** @param {number} forMs @returns {Promise<{ fps: number, scriptMs: number }>} */
export async function drawCrowd(forMs) {
  const load = (/** @type {string} */ path) => import(`/play/${path}`);
  const [{ Scene }, { FrameMeter }, { Warnings }, { Interpolation }] = await Promise.all(
    ['src/draw/scene.js', 'src/draw/meter.js', 'src/screens/match/clock.js', 'sdk/lane/interpolation.js'].map(load),
  );
  const canvas = document.createElement('canvas');
  Object.assign(canvas.style, { position: 'fixed', inset: '0', width: '100vw', height: '100vh', zIndex: '9' });
  document.body.append(canvas);
  const scene = new Scene(canvas, { tables: {}, names: {}, numbers: { npcs: ['rat', 'wolf', 'raider'], items: ['medkit', 'war_axe'] } });
  const sight = 26 * 256;
  scene.refit(sight);
  const middle = 75 * 256;
  const kinds = ['player', 'npc', 'npc', 'item', 'container', 'projectile', 'npc', 'player'];
  const at = (/** @type {number} */ id, /** @type {number} */ tick) => {
    const [angle, far] = [id * 2.4 + tick * 0.01, 512 + ((id * 97) % 4_600)];
    const isArea = id >= 196;
    return {
      id,
      kind: isArea ? (id === 199 ? 'storm' : 'hazard') : kinds[id % kinds.length],
      template: id % 3,
      x: Math.round(middle + Math.cos(angle) * far),
      y: Math.round(middle + Math.sin(angle) * far * 0.6),
      heading: (id * 13 + tick) & 255,
      hp_band: id % 16,
      extent: isArea ? (id === 199 ? 200 : 60) : 0,
    };
  };
  const blocks = Array.from({ length: 70 }, (_, n) => ({ x_min: (n * 997) % 36_000, y_min: (n * 3_571) % 36_000, x_max: ((n * 997) % 36_000) + 900, y_max: ((n * 3_571) % 36_000) + 700 }));
  const names = Object.fromEntries(Array.from({ length: 200 }, (_, id) => [id, `Player ${id}`]));
  const exits = [{ x: middle + 2_000, y: middle, radius: 1_536 }];
  const view = {
    nowMs: 0, tick: 0, match: { side: 150 * 256, obstacles: blocks, pois: [], exits }, own: { x: middle, y: middle }, aim: 0, reach: 512, hpBand: 12, channel: 0.4, cast: 0,
    around: [], openExits: [true], exitWords: ['Exit'], poiWords: [], sight, target: undefined, names, warnings: new Warnings(), warningTicks: () => 60,
  };
  const others = new Interpolation();
  const meter = new FrameMeter(canvas);
  const began = performance.now();
  let last = -1;
  await new Promise((resolve) => {
    const frame = () => {
      const now = performance.now();
      meter.begin(now);
      const tick = Math.floor((now - began) / 66.7) * 2;
      if (tick !== last) others.take(Array.from({ length: 200 }, (_, id) => at(id, tick)), tick, 2, now);
      last = tick;
      if (tick % 4 === 0) Object.assign(scene.effects.begin('words', middle + (tick % 900), middle, 'damage', now, 900), { words: String(tick % 40) });
      Object.assign(view, { nowMs: now, tick, around: others.shown(now, 30), aim: (tick * 300) & 65_535 });
      view.own.x = middle + tick;
      scene.paint(view);
      meter.end(performance.now());
      if (now - began < forMs) requestAnimationFrame(frame);
      else resolve(undefined);
    };
    requestAnimationFrame(frame);
  });
  return { fps: Number(canvas.dataset.fps), scriptMs: Number(canvas.dataset.scriptMs) };
}
