import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HypogeumError } from '../sdk/errors.js';
import { Line } from '../src/line.js';
import { purchase } from '../src/screens/lobby/shop.js';
import { refusalOf, secondsLeft } from '../src/state/gate.js';
import { leads, LOADOUT_ITEMS_MAX, lobby, turned } from '../src/state/lobby.js';
import { refusalOfParty, shareLeft, waitOf } from '../src/state/waiting.js';
import { Store } from '../src/store.js';

const QUEUED = { mode: 'blitz', waiting: 4, wanted: 8, window: 200, heard_ms: 5_000 };
const STASH = ['ab-1', 'ab-2'].map((item) => ({ item, template: 'medkit', state: { count: 1, wear: 0, is_bound: false } }));
const OPEN = { match_id: 3, mode: 'blitz', closes_in_ms: 4_000, stash: STASH, heard_ms: 10_000 };

/** @param {...[string, any?]} happened */
function storeAfter(...happened) {
  const store = new Store({ lobby });
  for (const [type, payload] of happened) store.dispatch(type, payload);
  return store;
}
/** @param {...[string, any?]} happened */
const after = (...happened) => storeAfter(...happened).state.lobby;

test('a place in line counts from when it was asked for', () => {
  const { queue } = after(['ui/queue_asked', { mode: 'blitz', at_ms: 1_000 }], ['server/queued', QUEUED]);
  assert.deepEqual([queue?.stand, queue?.sinceMs, queue?.waiting, queue?.window], ['waiting', 1_000, 4, 200]);
});

test('a place in line that a cut has not cost goes on, and one that it has is gone', () => {
  const cut = /** @type {[string, any][]} */ ([['ui/queue_asked', { mode: 'blitz', at_ms: 1_000 }], ['server/queued', QUEUED], ['link/connected', { modes: [], current_match: null }]]);
  const between = after(...cut);
  assert.deepEqual([between.queue, between.lostQueue?.mode], [undefined, 'blitz']);
  const back = after(...cut, ['server/queued', { ...QUEUED, heard_ms: 9_000 }]);
  assert.deepEqual([back.queue?.sinceMs, back.lostQueue], [1_000, undefined]);
});

test('what the server could not go on with is undone, with the reason', () => {
  const inLine = /** @type {[string, any]} */ (['server/queued', QUEUED]);
  const undone = after(inLine, ['link/error', new HypogeumError('draining', 'it ends')]);
  assert.deepEqual([undone.queue, undone.refusal], [undefined, { mode: 'blitz', words: 'it ends' }]);
  const asked = after(inLine, ['link/error', new HypogeumError('unavailable', 'no shop', { about: '/v1/shop', status: 503 })]);
  assert.equal(asked.queue?.stand, 'waiting', 'what HTTP could not do has nothing to do with it');
});

test('what was packed is chosen when the loadout opens', () => {
  const { loadout, queue } = after(['ui/packed_turned', { item: 'ab-2' }], ['ui/packed_turned', { item: 'gone-1' }], ['server/queued', QUEUED], ['server/loadout_open', OPEN]);
  assert.deepEqual([loadout?.chosen, loadout?.closesMs, queue], [['ab-2'], 14_000, undefined]);
});

test('items are brought and left, sixteen at most, and only such that there are', () => {
  const turn = (/** @type {string} */ item) => /** @type {[string, any]} */ (['ui/loadout_turned', { item }]);
  const open = /** @type {[string, any]} */ (['server/loadout_open', OPEN]);
  assert.deepEqual(after(open, turn('ab-1'), turn('ab-2'), turn('ab-1'), turn('zz-9')).loadout?.chosen, ['ab-2']);
  const full = Array.from({ length: LOADOUT_ITEMS_MAX }, (_, at) => `ab-${at}`);
  assert.deepEqual(turned(full, 'ab-99'), full);
  assert.equal(turned(full, 'ab-3').length, LOADOUT_ITEMS_MAX - 1);
});

test('what could not be brought is named', () => {
  const { notBrought, packed } = after(['ui/packed_turned', { item: 'ab-1' }], ['server/loadout_open', OPEN], ['server/loadout_refused', { items: ['ab-1'] }]);
  assert.deepEqual([notBrought, packed], [['medkit'], []]);
});

test('the ground of a match is remembered for its mode', () => {
  const { grounds, lastMode, loadout } = after(['server/loadout_open', OPEN], ['server/match_started', { match_id: 3, mode: 'blitz', kind: 'match' }]);
  assert.deepEqual([grounds.blitz?.match_id, lastMode, loadout], [3, 'blitz', undefined]);
  assert.deepEqual(after(['server/match_started', { match_id: 4, mode: 'wolfwood', kind: 'world' }]).grounds, {}, 'a place of the world has none');
});

test('pages of the history follow each other, and nothing stands twice', () => {
  const page = (/** @type {number[]} */ ids, /** @type {string | null} */ next) => ({ matches: ids.map((id) => ({ match_id: id })), next });
  const { history } = after(['http/history', page([9, 8], 'a')], ['http/history_more', page([8, 7], null)]);
  assert.deepEqual([history?.matches.map(({ match_id: id }) => id), history?.next], [[9, 8, 7], null]);
});

test('whoever logs in sees nothing of who was there before', () => {
  const { profile, packed, queue } = after(['http/profile', { name: 'Ada' }], ['ui/packed_turned', { item: 'ab-1' }], ['server/queued', QUEUED], ['link/logged_in', { accountId: 2 }]);
  assert.deepEqual([profile, packed, queue], [undefined, [], undefined]);
});

test('what is waited for is said by how many are missing', () => {
  const queue = { ...QUEUED, stand: /** @type {const} */ ('waiting'), sinceMs: 0, againMs: 0, words: '' };
  assert.deepEqual(waitOf(queue), { share: 0.5, id: 'lobby-waiting', values: { others: 3, wanted: 8, missing: 4 } });
  assert.equal(waitOf({ ...queue, waiting: 9 }).id, 'lobby-enough');
  assert.equal(waitOf({ ...queue, stand: 'asked' }).id, 'lobby-asked');
  assert.deepEqual([shareLeft(14_000, 4_000, 12_000), shareLeft(14_000, 4_000, 99_000)], [0.5, 0]);
});

test('the line is asked for again when the server says so', async () => {
  const store = storeAfter(['link/connected', { modes: [], current_match: null }]);
  const answers = [() => Promise.reject(new HypogeumError('try_later', 'as many run as may', { retryAfterMs: 3 })), () => Promise.resolve()];
  /** @type {string[]} */
  const stands = [];
  store.watch(({ lobby }) => lobby.queue?.stand, (stand) => stand && stands.push(stand));
  const asked = new Promise((resolve) => {
    const client = { joinQueue: () => (answers.length === 1 && resolve(undefined), answers.shift()?.()) };
    void new Line(/** @type {any} */ (store), /** @type {any} */ ({ client })).join('blitz');
  });
  await asked;
  await Promise.resolve();
  assert.deepEqual(stands, ['asked', 'again', 'asked']);
});

test('whoever has left the line is not put into it again', async () => {
  const store = storeAfter();
  let count = 0;
  const refused = () => ((count += 1), Promise.reject(new HypogeumError('try_later', 'later', { retryAfterMs: 2 })));
  const line = new Line(/** @type {any} */ (store), /** @type {any} */ ({ client: { joinQueue: refused, leaveQueue: () => Promise.resolve() } }));
  await line.join('blitz');
  await line.leave();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual([count, store.state.lobby.queue], [1, undefined]);
});

test('a refusal for good ends the wish, with the reason', async () => {
  const store = storeAfter();
  const joinQueue = () => Promise.reject(new HypogeumError('unknown_mode', 'no such mode'));
  await new Line(/** @type {any} */ (store), /** @type {any} */ ({ client: { joinQueue } })).join('blitz');
  assert.deepEqual([store.state.lobby.queue, store.state.lobby.refusal?.words], [undefined, 'no such mode']);
});

test('a refusal of the party keeps what is in the way', async () => {
  const store = storeAfter();
  const why = { not_leader: { leader: 7 } };
  const joinQueue = () => {
    store.dispatch('server/queue_refused', { mode: 'blitz', why });
    return Promise.reject(new HypogeumError('queue_refused', 'the party does not queue'));
  };
  await new Line(/** @type {any} */ (store), /** @type {any} */ ({ client: { joinQueue } })).join('blitz');
  assert.deepEqual([store.state.lobby.queue, store.state.lobby.refusal?.why], [undefined, why]);
});

test('a purchase without an answer is asked for again by the same number, and one that is refused is not', async () => {
  /** @type {number[]} */
  const keys = [];
  const api = { buy: async (/** @type {string} */ _, /** @type {number} */ price, /** @type {number} */ key) => {
    keys.push(key);
    if (keys.length === 1) throw new HypogeumError('unreachable', 'no answer');
    return { item: 'ab-1', balance: price };
  } };
  const ware = { template: 'medkit', buy_price: 30 };
  assert.equal((await purchase(api, ware)).balance, 30);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.ok(Number.isSafeInteger(keys[0]) && keys[0] >= 0);
  const refused = { buy: async () => { keys.push(0); throw new HypogeumError('price_changed', 'dearer', { status: 409 }); } };
  await assert.rejects(purchase(refused, ware), { code: 'price_changed' });
  assert.equal(keys.length, 3);
});

test('refusals belong to fields, and locks end at a time', () => {
  const at = (/** @type {string} */ code, /** @type {number | undefined} */ retryAfterMs = undefined) => refusalOf({ code, message: code, retryAfterMs }, 1_000);
  assert.deepEqual(['invalid_name', 'weak_password', 'wrong_credentials', 'guests_refused', 'try_later'].map((code) => at(code).field), ['name', 'password', 'password', 'guest', 'form']);
  assert.deepEqual([at('locked_out', 4_000).untilMs, at('name_taken').untilMs], [5_000, 0]);
  assert.deepEqual([secondsLeft(5_000, 1_001), secondsLeft(5_000, 5_000)], [4, 0]);
});

test('friends are where they were told to be, and what is told of requests is counted', () => {
  const friend = { account_id: 7, name: 'Grace', state: 'friend', since_s: 5, presence: { state: 'offline' } };
  const told = [{ account: 7n, whereabouts: { in_match: { mode: 'blitz' } } }, { account: 8, whereabouts: 'online' }];
  const known = after(['http/friends', { friends: [friend] }], ['server/friends_present', { friends: told }], ['server/friend_requested', { account: 9, name: 'Eve' }]);
  assert.deepEqual(known.friends?.map(({ presence }) => presence), [{ state: 'in_match', mode: 'blitz' }], 'who is on no list is not put on it');
  assert.equal(known.friendNews, 1);
});

test('an invitation is kept once, and goes as the party is entered or it is answered', () => {
  const invitation = (/** @type {number} */ party) => /** @type {[string, any]} */ (['server/party_invited', { party, from: 'Grace', label: '', expires_s: 60 }]);
  const party = { party: 1, label: '', leader: 7, members_max: 8, members: [], invited: [] };
  const invited = [invitation(1), invitation(1), invitation(2)];
  assert.deepEqual(after(...invited).invitations.map(({ party: id }) => id), [1, 2]);
  const entered = after(...invited, ['server/party_changed', { party }]);
  assert.deepEqual([entered.invitations.map(({ party: id }) => id), entered.party?.leader], [[2], 7]);
  assert.deepEqual(after(...invited, ['ui/invitation_answered', 2]).invitations.map(({ party: id }) => id), [1]);
  assert.deepEqual([leads(entered, 7), leads(entered, 8), leads(after(), undefined)], [true, false, false], 'only who leads is asked about others');
  assert.equal(after(['server/party_changed', { party }], ['server/party_changed', { party: null }]).party, null);
});

test('a party that does not queue hears what of it is in the way', () => {
  const why = { member_busy: { account: 8 } };
  const refused = after(['ui/queue_asked', { mode: 'blitz', at_ms: 1_000 }], ['server/queue_refused', { mode: 'blitz', why }]);
  assert.deepEqual([refused.queue, refused.refusal], [undefined, { mode: 'blitz', words: '', why }]);
  assert.equal(after(['server/queue_refused', { mode: 'blitz', why }], ['server/queued', QUEUED]).refusal, undefined, 'until its place in line is told');
  const party = { party: 1, label: '', leader: 7, members_max: 8, members: [{ account: 8, name: 'Grace', is_here: true }], invited: [] };
  assert.deepEqual(refusalOfParty(why, party), { id: 'lobby-party-member-busy', values: { name: 'Grace', members: 0, most: 0, spread: 0 } });
  const wide = refusalOfParty({ ratings_too_wide: { spread: 5_009, spread_max: 3_000 } }, null);
  assert.deepEqual([wide.id, wide.values.spread, wide.values.most], ['lobby-party-ratings-too-wide', 5_009, 3_000]);
});
