// What is asked over HTTP: accounts, logins, characters, the stash, creatures and their games, boards and the shop. Section 1 of
// PROTOCOL.md says what each answers; answers are returned as they come.

import { HypogeumError } from './errors.js';
import { Http } from './http.js';

/** @typedef {import('../types/messages.js').ItemId} ItemId */
/** @typedef {import('../types/http.js').HttpAnswers} HttpAnswers */
/**
 * @template {keyof HttpAnswers} Operation
 * @typedef {Promise<HttpAnswers[Operation]>} Answer
 */
/** @typedef {{ speed?: number, health?: number, defence?: number, strength?: number, luck?: number }} Points */
/** @typedef {{ items?: { item: ItemId, version: number }[], currency?: number }} Goods */

/**
 * A name of storage as a part of a path. A point alone, or two, would lead out of it: behind a stroke they are a name that the server refuses.
 * @param {string} name
 */
const partOf = (name) => encodeURIComponent(name === '.' || name === '..' ? `/${name}` : name);

/** @param {string} collection @param {string} key */
const placeOf = (collection, key) => `/v1/storage/${partOf(collection)}/${partOf(key)}`;

/** One server, and one login to it. */
export class Api extends Http {
  // Coming in, and leaving.

  /**
   * Makes an account; log in to it then.
   * @param {string} name
   * @param {string} password
   * @returns {Answer<'register'>}
   */
  register(name, password) {
    return this.post('/v1/accounts', { name, password }, { isPublic: true });
  }

  /**
   * @param {string} name
   * @param {string} password
   */
  async login(name, password) {
    await this.tokens.take(await this.post('/v1/login', { name, password }, { isPublic: true }));
    return this;
  }

  /**
   * Comes in by a name alone, where the server takes guests. Nothing of worth is safe in such an account.
   * @param {string} name
   */
  async guest(name) {
    await this.tokens.take(await this.post('/v1/guests', { name }, { isPublic: true }), name);
    return this;
  }

  /**
   * Goes on with the login that the storage holds.
   * @returns {Promise<boolean>} whether it holds one
   */
  restore() {
    return this.tokens.restore();
  }

  /** Closes this login on the server, and forgets it here. */
  async logout() {
    return this.#leave('/v1/logout');
  }

  /** Closes every login of the account. */
  async logoutEverywhere() {
    return this.#leave('/v1/logout/everywhere');
  }

  /**
   * A login that is over already is left as well.
   * @param {string} path
   */
  async #leave(path) {
    try {
      const answer = await this.post(path);
      await this.tokens.forget();
      return answer;
    } catch (error) {
      if (error instanceof HypogeumError && error.status === 401) await this.tokens.forget();
      throw error;
    }
  }

  // Characters.

  /** @returns {Answer<'list_characters'>} */
  characters() {
    return this.get('/v1/characters');
  }

  /** @param {string} name @returns {Answer<'create_character'>} */
  createCharacter(name) {
    return this.post('/v1/characters', { name });
  }

  /** @param {number} id @returns {Answer<'delete_character'>} */
  deleteCharacter(id) {
    return this.delete(`/v1/characters/${id}`);
  }

  // What one has.

  /** @returns {Answer<'show_stash'>} */
  stash() {
    return this.get('/v1/stash');
  }

  /** @returns {Answer<'list_trades'>} */
  trades() {
    return this.get('/v1/trades');
  }

  /** @param {number} to @param {Goods} gives @param {Goods} [wants] @returns {Answer<'propose_trade'>} */
  proposeTrade(to, gives, wants) {
    return this.post('/v1/trades', { to, gives, wants });
  }

  /** @param {number} id @returns {Answer<'accept_trade'>} */
  acceptTrade(id) {
    return this.post(`/v1/trades/${id}/accept`);
  }

  /** @param {number} id @returns {Answer<'cancel_trade'>} */
  cancelTrade(id) {
    return this.delete(`/v1/trades/${id}`);
  }

  /** @returns {Answer<'list_shop'>} */
  shop() {
    return this.get('/v1/shop');
  }

  /**
   * Buys at the price that was seen. By the same `key`, any number not used before, nothing is bought twice.
   * @param {string} template
   * @param {number} price
   * @param {number} key
   * @returns {Answer<'buy'>}
   */
  buy(template, price, key) {
    return this.post('/v1/shop/buy', { key, template, price });
  }

  /** @param {ItemId} item @param {number} version @param {number} price @returns {Answer<'sell'>} */
  sell(item, version, price) {
    return this.post('/v1/shop/sell', { item, version, price });
  }

  // Cosmetics.

  /** @returns {Answer<'list_cosmetics'>} */
  cosmetics() {
    return this.get('/v1/cosmetics');
  }

  /**
   * Buys at the price that was seen. By the same `key`, any number not used before, nothing is bought twice.
   * @param {string} cosmetic
   * @param {number} price
   * @param {number} key
   * @returns {Answer<'buy_cosmetic'>}
   */
  buyCosmetic(cosmetic, price, key) {
    return this.post(`/v1/cosmetics/${encodeURIComponent(cosmetic)}/buy`, { key, price });
  }

  /**
   * What others wear, by the names that a roster tells, 64 at most.
   * @param {string[]} names
   * @returns {Answer<'look_at_cosmetics'>}
   */
  cosmeticsWorn(names) {
    return this.post('/v1/cosmetics/worn', { names });
  }

  /** @param {number} key @returns {Answer<'refund_cosmetic'>} */
  refundCosmetic(key) {
    return this.post('/v1/cosmetics/refund', { key });
  }

  /** @param {string} cosmetic @returns {Answer<'equip_cosmetic'>} */
  equipCosmetic(cosmetic) {
    return this.post(`/v1/cosmetics/${encodeURIComponent(cosmetic)}/equip`);
  }

  /** @param {string} cosmetic @returns {Answer<'unequip_cosmetic'>} */
  unequipCosmetic(cosmetic) {
    return this.post(`/v1/cosmetics/${encodeURIComponent(cosmetic)}/unequip`);
  }

  // What is earned beside matches.

  /** @returns {Answer<'list_achievements'>} */
  achievements() {
    return this.get('/v1/achievements');
  }

  /** @returns {Answer<'list_daily'>} */
  daily() {
    return this.get('/v1/daily');
  }

  /** @param {string} table @returns {Answer<'claim_daily'>} */
  claimDaily(table) {
    return this.post(`/v1/daily/${encodeURIComponent(table)}/claim`);
  }

  /** @param {{ count?: number }} [page] @returns {Answer<'list_season_rewards'>} */
  seasonRewards(page = {}) {
    return this.get('/v1/season-rewards', { query: page });
  }

  // Creatures, and their games.

  /** @returns {Answer<'list_creature_types'>} */
  creatureTypes() {
    return this.get('/v1/creature-types', { isPublic: true });
  }

  /** @returns {Answer<'list_creatures'>} */
  creatures() {
    return this.get('/v1/creatures');
  }

  /** @param {number} id @returns {Answer<'show_creature'>} */
  creature(id) {
    return this.get(`/v1/creatures/${id}`);
  }

  /** @param {{ name: string, type: string, points?: Points, key?: string }} creature @returns {Answer<'create_creature'>} */
  createCreature(creature) {
    return this.post('/v1/creatures', creature);
  }

  /** @param {number} id @param {string} name @returns {Answer<'rename_creature'>} */
  renameCreature(id, name) {
    return this.patch(`/v1/creatures/${id}`, { name });
  }

  /** @param {number} id @param {Points} points @param {string} [key] @returns {Answer<'grow_creature'>} */
  allocateStats(id, points, key) {
    return this.post(`/v1/creatures/${id}/allocate-stats`, { points, key });
  }

  /** @param {number} id @returns {Answer<'release_creature'>} */
  releaseCreature(id) {
    return this.delete(`/v1/creatures/${id}`);
  }

  /** @returns {Answer<'list_tournaments'>} */
  tournaments() {
    return this.get('/v1/tournaments', { isPublic: true });
  }

  /** @param {{ before?: number, count?: number }} [page] @returns {Answer<'list_games'>} */
  games(page = {}) {
    return this.get('/v1/games', { query: page });
  }

  /** @param {{ after?: number, count?: number }} [page] @returns {Answer<'list_open_games'>} */
  openGames(page = {}) {
    return this.get('/v1/open-games', { query: page });
  }

  /**
   * Starts a game with creatures of one's own, or with `open` one that people enter.
   * @param {{ creature_ids?: number[], open?: { starts_in_s: number }, tournament?: string, size?: number, opponents?: string, key?: string }} game
   * @returns {Answer<'start_game'>}
   */
  createGame(game) {
    return this.post('/v1/games', game);
  }

  /** @param {number} id @returns {Answer<'show_game'>} */
  game(id) {
    return this.get(`/v1/games/${id}`);
  }

  /** @param {number} id @returns {Answer<'list_entries'>} */
  gameEntries(id) {
    return this.get(`/v1/games/${id}/entries`);
  }

  /** @param {number} id @returns {Answer<'show_bracket'>} */
  gameBracket(id) {
    return this.get(`/v1/games/${id}/bracket`);
  }

  /** @param {number} id @param {number} creatureId @param {string} [key] @returns {Answer<'enter_game'>} */
  enterGame(id, creatureId, key) {
    return this.post(`/v1/games/${id}/enter`, { creature_id: creatureId, key });
  }

  /** @param {number} id @param {number} creatureId @returns {Answer<'leave_game'>} */
  leaveGame(id, creatureId) {
    return this.post(`/v1/games/${id}/leave`, { creature_id: creatureId });
  }

  /** @param {number} id @returns {Answer<'call_game_off'>} */
  callOffGame(id) {
    return this.post(`/v1/games/${id}/call-off`);
  }

  /**
   * @param {number} id
   * @param {{ entrant: number, pairing: number, game: number, turn: number, move: 'attack' | 'defend' | 'special' }} move
   * @returns {Answer<'make_move'>}
   */
  move(id, move) {
    return this.post(`/v1/games/${id}/move`, move);
  }

  /** @param {number} id @param {number} entrant @param {Points} points @param {string} [key] @returns {Answer<'give_points'>} */
  allocateGameStats(id, entrant, points, key) {
    return this.post(`/v1/games/${id}/allocate-stats`, { entrant, points, key });
  }

  /** @param {number} id @param {number} entrant @returns {Answer<'be_ready'>} */
  gameReady(id, entrant) {
    return this.post(`/v1/games/${id}/ready`, { entrant });
  }

  /** @param {number} id @param {number} entrant @returns {Answer<'withdraw'>} */
  withdraw(id, entrant) {
    return this.post(`/v1/games/${id}/withdraw`, { entrant });
  }

  // Ladders and boards.

  /** @returns {Answer<'list_ladders'>} */
  ladders() {
    return this.get('/v1/ladders', { isPublic: true });
  }

  /** @param {string} key @param {number} [accountId] @returns {Answer<'show_rating'>} */
  ladderRating(key, accountId) {
    return this.get(`/v1/ladders/${encodeURIComponent(key)}/rating`, { query: { account_id: accountId } });
  }

  /** @returns {Answer<'show_queue_place'>} */
  ladderPlace() {
    return this.get('/v1/ladder-queue');
  }

  /** @param {string} ladder @param {number} creatureId @param {string} [key] @returns {Answer<'join_queue'>} */
  joinLadder(ladder, creatureId, key) {
    return this.post('/v1/ladder-queue', { ladder, creature_id: creatureId, key });
  }

  /** @returns {Answer<'leave_queue'>} */
  leaveLadder() {
    return this.delete('/v1/ladder-queue');
  }

  /** @param {{ state?: string, after?: string, count?: number }} [page] @returns {Answer<'list_friends'>} */
  friends(page = {}) {
    return this.get('/v1/friends', { query: page });
  }

  /** Asks, or takes the request of who has asked. @param {string} name @returns {Answer<'ask_friend'>} */
  befriend(name) {
    return this.post('/v1/friends', { name });
  }

  /** @param {number} id @returns {Answer<'accept_friend'>} */
  acceptFriend(id) {
    return this.post(`/v1/friends/${id}/accept`);
  }

  /** Ends a friendship, declines a request or takes it back. @param {number} id @returns {Answer<'remove_friend'>} */
  removeFriend(id) {
    return this.delete(`/v1/friends/${id}`);
  }

  /** @param {{ after?: string, count?: number }} [page] @returns {Answer<'list_blocks'>} */
  blocks(page = {}) {
    return this.get('/v1/blocks', { query: page });
  }

  /** @param {string} name @returns {Answer<'block'>} */
  block(name) {
    return this.post('/v1/blocks', { name });
  }

  /** @param {number} id @returns {Answer<'unblock'>} */
  unblock(id) {
    return this.delete(`/v1/blocks/${id}`);
  }

  /** Who may see where one is. @returns {Answer<'show_visibility'>} */
  visibility() {
    return this.get('/v1/presence');
  }

  /** @param {'everybody' | 'friends' | 'nobody'} whom @returns {Answer<'set_visibility'>} */
  setVisibility(whom) {
    return this.post('/v1/presence', { visible_to: whom });
  }

  /** What the account was told, the newest first. @param {{ locale?: string, after?: string, count?: number }} [page] @returns {Answer<'list_messages'>} */
  inbox(page = {}) {
    return this.get('/v1/inbox', { query: page });
  }

  /** @param {number} id @returns {Answer<'read_message'>} */
  readMessage(id) {
    return this.post(`/v1/inbox/${id}/read`);
  }

  /** Takes the currency of a message, once however often it is asked. @param {number} id @returns {Answer<'claim_message'>} */
  claimMessage(id) {
    return this.post(`/v1/inbox/${id}/claim`);
  }

  /** @param {number} id @returns {Answer<'delete_message'>} */
  deleteMessage(id) {
    return this.delete(`/v1/inbox/${id}`);
  }

  // Objects that a program keeps with the account.

  /** How much is kept, and may be. @returns {Answer<'show_storage'>} */
  storage() {
    return this.get('/v1/storage');
  }

  /**
   * Objects of a collection, by their keys; of another `owner` those that it shows to everybody.
   * @param {string} collection
   * @param {{ owner?: number, after?: string, count?: number }} [page]
   * @returns {Answer<'list_objects'>}
   */
  storedObjects(collection, page = {}) {
    return this.get(`/v1/storage/${partOf(collection)}`, { query: page });
  }

  /** @param {string} collection @param {string} key @param {{ owner?: number }} [of] @returns {Answer<'show_object'>} */
  storedObject(collection, key, of = {}) {
    return this.get(placeOf(collection, key), { query: of });
  }

  /**
   * Writes an object: where there is another version than `ifVersion`, the refusal `stale_version` says which; 0: there must be none.
   * @param {string} collection
   * @param {string} key
   * @param {object} value
   * @param {{ readableBy?: 'owner' | 'public', ifVersion?: number }} [options]
   * @returns {Answer<'write_object'>}
   */
  writeObject(collection, key, value, { readableBy, ifVersion } = {}) {
    return this.post(placeOf(collection, key), { value, readable_by: readableBy, if_version: ifVersion });
  }

  /**
   * @param {string} collection
   * @param {string} key
   * @param {{ ifVersion?: number }} [options] the version that it must have
   * @returns {Answer<'delete_object'>}
   */
  deleteObject(collection, key, { ifVersion } = {}) {
    return this.delete(placeOf(collection, key), { query: { if_version: ifVersion } });
  }

  /** @returns {Answer<'list_leaderboards'>} */
  leaderboards() {
    return this.get('/v1/leaderboards', { isPublic: true });
  }

  /** @param {string} key @param {{ season?: number, from?: number, after?: string, count?: number }} [part] @returns {Answer<'show_leaderboard'>} */
  leaderboard(key, part = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}`, { query: part });
  }

  /** @param {string} key @param {{ account_id?: number, season?: number, count?: number }} [part] @returns {Answer<'show_around'>} */
  leaderboardAround(key, part = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}/around`, { query: part });
  }

  /** @param {string} key @param {{ before?: number, count?: number }} [page] @returns {Answer<'list_seasons'>} */
  leaderboardSeasons(key, page = {}) {
    return this.get(`/v1/leaderboards/${encodeURIComponent(key)}/seasons`, { query: page });
  }
}
