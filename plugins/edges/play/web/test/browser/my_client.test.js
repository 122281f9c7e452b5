// The client of a studio in a hundred lines, `examples/my_client`: it plays a match to its settlement.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { SERVER, startRig } from './rig.js';

/** How long a match may take, with its line. */
const MATCH_MS_MAX = 240_000;

const folder = fileURLToPath(new URL('../../../examples/my_client/', import.meta.url));
const script = fileURLToPath(new URL('../../dev_server.js', import.meta.url));
const host = spawn(process.execPath, [script, '--port', '0', '--server', SERVER, '--folder', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
// Also where no browser can be started.
process.on('exit', () => host.kill());
after(() => host.kill());
/** @type {string} */
const url = await new Promise((resolve, reject) => {
  host.stdout.on('data', (line) => resolve(String(line).split(' ')[0]));
  host.on('exit', () => reject(new Error('the pages are not served')));
});
const rig = await startRig();
after(() => rig.end());

test('it is a hundred lines', () => {
  const lines = ['index.html', 'client.js'].flatMap((file) => readFileSync(`${folder}${file}`, 'utf8').trimEnd().split('\n'));
  assert.ok(lines.length <= 100, `it has ${lines.length}`);
});

test('it plays a match', async () => {
  const page = await rig.open('', { url });
  await rig.axe(page);
  const status = page.getByRole('status');
  await page.getByLabel('Name').fill('My Client');
  await page.getByLabel('Mode').fill('blitz');
  await page.getByRole('button', { name: 'Play' }).click();
  await status.filter({ hasText: 'Reach a green circle' }).waitFor({ timeout: MATCH_MS_MAX });
  const pixels = () => page.evaluate(() => /** @type {HTMLCanvasElement} */ (document.getElementById('view')).toDataURL());
  const before = await pixels();
  await page.keyboard.down('ArrowRight');
  await page.waitForFunction((before) => /** @type {HTMLCanvasElement} */ (document.getElementById('view')).toDataURL() !== before, before);
  await rig.shot(page, 'my-client');
  await status.filter({ hasText: /(extracted|died|timed_out): \d+ experience/ }).waitFor({ timeout: MATCH_MS_MAX });
  await rig.close(page);
});
