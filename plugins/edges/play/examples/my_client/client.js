// A client of one's own in a hundred lines, page included: a guest plays a match, seen from above.

import { Api, Client } from './sdk/index.js';

const METRE = 256;
const PIXELS_A_METRE = 16;
const TURN = 65_536;
const COLOURS = { player: '#4cc9f0', npc: '#f94144', item: '#f9c74f', container: '#f8961e', projectile: '#ffffff', hazard: '#b5179e', storm: '#7209b7' };
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const [canvas, form] = [document.getElementById('view'), document.getElementById('enter')];
const brush = canvas.getContext('2d');
const say = (words) => (document.getElementById('status').textContent = words);
const pressed = new Set();
addEventListener('keydown', ({ key }) => pressed.add(key));
addEventListener('keyup', ({ key }) => pressed.delete(key));

/** What the keys mean: a direction in 1/65536 turns, and whether to strike. */
function steering() {
  const ways = Object.entries(WAYS).filter(([key]) => pressed.has(key));
  const [x, y] = ways.reduce(([x, y], [, [right, up]]) => [x + right, y + up], [0, 0]);
  const walk = Math.round((Math.atan2(y, x) / (2 * Math.PI)) * TURN) & (TURN - 1);
  return { walk, pace: x || y ? 100 : 0, ability: pressed.has(' ') ? 1 : 0 };
}

/** Draws a disc around a place, given in 1/256 metres as all places are. */
function disc(own, { x, y }, radius, colour, isFilled = true) {
  const scale = PIXELS_A_METRE / METRE;
  brush.beginPath();
  brush.arc(canvas.width / 2 + (x - own.x) * scale, canvas.height / 2 - (y - own.y) * scale, Math.max(2, radius * scale), 0, 2 * Math.PI);
  brush.fillStyle = brush.strokeStyle = colour;
  isFilled ? brush.fill() : brush.stroke();
}

/** Draws what is around; north is up. */
function draw(client) {
  const own = client.lane.predicted();
  brush.fillStyle = '#14161a';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  if (!own || !client.match) return;
  for (const exit of client.match.exits) disc(own, exit, exit.radius, '#43aa8b', false);
  for (const thing of client.lane.interpolated(performance.now())) disc(own, thing, (thing.extent * METRE) / 10 || METRE / 2, COLOURS[thing.kind], !thing.extent);
  disc(own, own, METRE / 2, '#90be6d');
}

async function play(name, mode) {
  const api = await new Api(location.origin).guest(name);
  const client = new Client(api, { client: 'my client', lane: true });
  let steers = 0;
  client.on('queued', ({ waiting, wanted }) => say(`In line for ${mode}: ${waiting} of ${wanted}.`));
  client.on('loadout_open', ({ stash }) => client.chooseLoadout(stash.slice(0, 2).map(({ item }) => item)));
  client.on('match_started', ({ tick_hz: tickHz }) => {
    say('Reach a green circle, and stay in it.');
    clearInterval(steers);
    steers = setInterval(() => client.steer(steering()), 1_000 / tickHz);
  });
  client.on('error', (error) => say(error.message));
  client.on('settled', ({ report }) => {
    clearInterval(steers);
    say(`${report.outcome}: ${report.xp_gained} experience.`);
    client.close();
  });
  await client.connect();
  await client.joinQueue(mode);
  const frame = () => {
    draw(client);
    if (client.state !== 'closed') requestAnimationFrame(frame);
  };
  frame();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  form.hidden = true;
  const { name, mode } = Object.fromEntries(new FormData(form));
  play(name, mode).catch((error) => {
    say(error.message);
    form.hidden = false;
  });
});
