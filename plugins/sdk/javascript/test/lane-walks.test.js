import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Obstacles } from '../src/lane/obstacles.js';
import { distance, sin, step, toward } from '../src/lane/turn.js';
import { walked } from '../src/lane/walk.js';
import { Chance, Digest } from './vectors/chance.js';
import { vectors } from './vectors/read.js';

const SPAN_MAX = 60_000;
const kept = vectors('walks.json');

/**
 * @param {Chance} chance
 * @param {number} span
 */
function block(chance, span) {
  const x_min = chance.between(-500, span + 500);
  const y_min = chance.between(-500, span + 500);
  const sizes = [[1, 40_000], [40_000, 1], [300_000, 300_000]];
  const [widthMax, heightMax] = sizes[chance.below(8)] ?? [2_500, 2_500];
  const width = chance.between(1, widthMax);
  const height = chance.between(1, heightMax);
  return { x_min, y_min, x_max: x_min + width, y_max: y_min + height };
}

/** @param {Chance} chance */
function arena(chance) {
  const radius = chance.pick([0, 90, 100, 102, 300]);
  const side = chance.pick([40, 150, 640, 15_360, 15_360, 38_400, 256_000, 1_048_576, 2_000_000]);
  const span = Math.min(side, SPAN_MAX);
  const blocks = Array.from({ length: chance.below(61) }, () => block(chance, span));
  return { side, span, radius, obstacles: new Obstacles(side, blocks) };
}

/**
 * @param {Chance} chance
 * @param {ReturnType<typeof arena>} place
 */
function start(chance, { side, span, radius }) {
  const far = [-0x8000_0000, -0x8000_0000 + 7, 0x7fff_ffff, 0x7fff_ffff - 7, -70_000, 2_000_000];
  const edges = [0, radius, side - radius, side];
  const kind = chance.below(16);
  const coordinate = () => {
    if (kind === 0) return chance.pick(far);
    if (kind === 1) return chance.pick(edges);
    return chance.between(-300, span + 300);
  };
  const x = coordinate();
  return { x, y: coordinate() };
}

/** @param {Chance} chance */
function speed(chance) {
  const kind = chance.below(8);
  if (kind === 0) return chance.between(0, 65_535);
  if (kind === 1) return chance.between(-5, 5);
  return chance.between(20, 120);
}

/**
 * @param {Chance} chance
 * @param {number} last
 */
function direction(chance, last) {
  const kind = chance.below(4);
  if (kind === 0) {
    const wind = chance.below(8) * 8_192;
    return (wind + chance.between(-1, 1)) & 0xffff;
  }
  return kind === 1 ? last : chance.below(65_536);
}

/** @param {Chance} chance */
function percent(chance) {
  const kind = chance.below(6);
  if (kind === 0) return 100;
  return kind === 1 ? chance.below(256) : chance.below(101);
}

/**
 * Every place of a walk.
 *
 * @param {Chance} chance
 * @param {ReturnType<typeof arena>} place
 */
function walk(chance, place) {
  const fast = speed(chance);
  let at = start(chance, place);
  let way = 0;
  const places = [at];
  for (let nth = 0; nth < kept.steps; nth += 1) {
    way = direction(chance, way);
    at = walked(place.obstacles, at, way, percent(chance), fast, place.radius);
    places.push(at);
  }
  return places;
}

test('angles, strides and distances are those of the server', () => {
  const [sines, directions, strides, distances] = [new Digest(), new Digest(), new Digest(), new Digest()];
  for (let turn = 0; turn < 65_536; turn += 1) sines.mix(sin(turn));
  const chance = new Chance(0xa11c_e000);
  for (let pair = 0; pair < kept.pairs; pair += 1) {
    const by = chance.below(31);
    const dx = (chance.roll() | 0) >> by;
    const dy = (chance.roll() | 0) >> by;
    const way = toward(dx, dy);
    directions.mix(way);
    const { x, y } = step(way, dy);
    strides.mix(x);
    strides.mix(y);
    distances.mix(distance({ x: dx, y: 0 }, { x: 0, y: dy }));
  }
  assert.equal(sines.hex, kept.sines, 'the sines of all angles');
  assert.equal(directions.hex, kept.directions, 'the directions of vectors');
  assert.equal(strides.hex, kept.strides, 'vectors of a length in a direction');
  assert.equal(distances.hex, kept.distances, 'distances');
});

test('a hundred thousand random walks end where the server lets them', () => {
  assert.ok(kept.arenas * kept.walks >= 100_000, 'that many are kept');
  for (let key = 0; key < kept.arenas; key += 1) {
    const chance = new Chance(key);
    const place = arena(chance);
    const digest = new Digest();
    for (let nth = 0; nth < kept.walks; nth += 1) {
      const places = walk(chance, place);
      if (nth === 0 && key % kept.sampled_each === 0) {
        const flat = places.flatMap(({ x, y }) => [x, y]);
        assert.deepEqual(flat, kept.samples[key / kept.sampled_each], `each step of the first walk in arena ${key}`);
      }
      for (const { x, y } of places) {
        digest.mix(x);
        digest.mix(y);
      }
    }
    assert.equal(digest.hex, kept.digests[key], `all walks in arena ${key}`);
  }
});
