#!/usr/bin/env node
// Visits the persistent world: enters it as a character, looks about, walks to another room, says something, leaves.

import { parseArgs } from 'node:util';

import { Api, Client } from '../src/index.js';

const HELP = `Visits the world as a guest's character, and prints where it has been as one line of JSON.

  --url URL      the server's HTTP address [http://127.0.0.1:27580]
  --name NAME    the name of guest and character [one of its own]
  --json         speak JSON in place of MessagePack
  --help`;

/** How long each thing may take, and a walk to the next room, after which it tries another way. */
const PATIENCE_MS = 120_000;
const WALK_MS_MAX = 30_000;

/** @typedef {import('../types/messages.js').RoomNews} RoomNews */

/**
 * The room one is told of next, other than this one.
 * @param {Client} client
 * @param {string} [key]
 * @param {number} [timeoutMs]
 * @returns {Promise<RoomNews>}
 */
async function nextRoom(client, key, timeoutMs = PATIENCE_MS) {
  const room = (/** @type {import('../types/messages.js').WorldNews | undefined} */ news) =>
    typeof news === 'object' && 'room' in news && news.room.key !== key ? news.room : undefined;
  const { news } = await client.next('told', { timeoutMs, where: (told) => room(told.news) !== undefined });
  return /** @type {RoomNews} */ (room(news));
}

/**
 * @template T
 * @param {Client} client
 * @param {Promise<T>} hoped
 * @param {string} about what it is refused for
 * @returns {Promise<T>}
 */
async function unlessRefused(client, hoped, about) {
  const refused = client.next('error', { where: (error) => error.about === about });
  const failed = refused.then((error) => Promise.reject(error));
  // Without the wish nobody minds how it ends.
  failed.catch(() => undefined);
  return Promise.race([hoped, failed]);
}

/** @param {{ url: string, name: string, json: boolean }} options */
async function visit({ url, name, json }) {
  const api = new Api(url, { patienceMs: 60_000 });
  await api.guest(name);
  const { characters } = await api.characters();
  const { character_id: characterId } = characters[0] ?? (await api.createCharacter(name));
  const client = new Client(api, { client: 'world_bot', locale: 'en', characterId, json });
  client.on('error', (error) => console.error(`refused: ${error.code} about ${error.about}: ${error.message}`));
  client.on('told', ({ news }) => {
    if (typeof news === 'object' && 'told' in news) console.error(`> ${news.told.words}`);
  });
  try {
    return { name, ...(await walk(client, name)) };
  } finally {
    client.close();
  }
}

/**
 * Walks into the world, through a door, says something, and leaves.
 * @param {Client} client
 * @param {string} name
 */
async function walk(client, name) {
  await client.connect();
  const first = nextRoom(client);
  client.enterWorld('warrior');
  const room = await unlessRefused(client, first, 'enter_world');
  client.command({ look: { at: null } });

  // Not every way is free: a door may be locked, or something may stand in it.
  let next;
  for (const { word } of room.exits.filter(({ door }) => !door || door.state === 'open')) {
    const walked = nextRoom(client, room.key, WALK_MS_MAX).catch(() => undefined);
    client.command({ go: { word } });
    next = await walked;
    if (next) break;
  }
  if (!next) throw new Error(`no way leads out of ${room.name}`);

  const words = 'Hello from JavaScript.';
  const heard = client.next('chat_line', { timeoutMs: PATIENCE_MS, where: (line) => line.from === name && line.words === words });
  client.chat('room', words);
  const { text } = await unlessRefused(client, heard, 'chat');

  const settled = client.next('settled', { timeoutMs: PATIENCE_MS });
  client.command('quit');
  await settled;
  return { from: room.name, to: next.name, said: text };
}

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:27580' },
    name: { type: 'string', default: `js-bot-${Math.random().toString(36).slice(2, 8)}` },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(HELP);
else {
  try {
    console.log(JSON.stringify(await visit(values)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
