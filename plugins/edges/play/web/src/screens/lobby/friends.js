// Friends, where they are, and the party one is in.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { readWhileIn } from './reading.js';

/** @typedef {import('../../state/lobby.js').Friend} Friend */

/** @type {import('../lobby.js').Part} */
export const friends = (root, context) => {
  const { store, words, link } = context;
  const say = (/** @type {string} */ id, values = {}) => words.say(`lobby-${id}`, values);
  const button = (/** @type {string} */ id, /** @type {() => unknown} */ onclick) => h('button', { type: 'button', onclick }, say(id));
  const party = h('div', { role: 'status' });
  const list = h('ul', { class: 'friends' });
  const empty = h('p', { class: 'muted empty' });
  const name = h('input', { type: 'text', maxLength: 96, required: true, autocomplete: 'off', 'aria-label': say('friend-name'), placeholder: say('friend-name') });
  const read = () => link.ask('friends', link.api.friends());
  /** @param {Promise<unknown>} asked */
  const done = async (asked) => {
    const answer = await link.ask('friend', asked);
    await read();
    return answer;
  };
  const act = (/** @type {import('../../../types/messages.js').PartyAct} */ deed) => void link.client?.party(deed);
  const add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await done(link.api.befriend(name.value))) name.value = '';
  };
  fill(root, h('section', {}, h('h2', {}, say('party')), party, h('h2', {}, say('friends')), h('form', { class: 'row', onsubmit: add }, name, h('button', {}, say('friend-add'))), list, empty));

  /** @param {Friend} friend */
  const stand = ({ state, presence }) => {
    if (state !== 'friend') return say(`friend-${state}`);
    const where = presence.mode ? (rowOf(store.state.content, 'modes', presence.mode)?.name ?? presence.mode) : (presence.place ?? '');
    return say(`friend-${presence.state.replace('_', '-')}`, { where });
  };
  /** @param {Friend} friend */
  const deeds = ({ account_id: id, name: who, state, presence }) => {
    if (state === 'blocked') return [button('friend-unblock', () => done(link.api.unblock(id)))];
    const remove = button(state === 'received' ? 'friend-decline' : 'friend-remove', () => done(link.api.removeFriend(id)));
    if (state === 'received') return [button('friend-accept', () => done(link.api.acceptFriend(id))), remove];
    return state === 'friend' && presence.state !== 'offline' ? [button('friend-invite', () => act({ invite: { name: who } })), remove] : [remove];
  };
  const showFriends = () => {
    const known = store.state.lobby.friends;
    text(empty, known?.length === 0 ? say('friends-empty') : '');
    keep(
      list,
      known ?? [],
      (friend) => `${friend.account_id} ${friend.state} ${friend.presence.state === 'offline'}`,
      (friend) => h('li', { class: 'row' }, h('strong', {}, friend.name), h('span', { class: 'small muted' }), deeds(friend)),
      (row, friend) => text(row.children[1], stand(friend)),
    );
  };
  const showParty = () => {
    const { party: own, invitations } = store.state.lobby;
    const answer = (/** @type {number | bigint} */ id, /** @type {'accept' | 'decline'} */ how) => {
      act(how === 'accept' ? { accept: { party: id } } : { decline: { party: id } });
      store.dispatch('ui/invitation_answered', id);
    };
    const member = (/** @type {{ account: number | bigint, name: string }} */ { account, name: who }) => (account === own?.leader ? say('party-leader', { name: who }) : who);
    fill(
      party,
      own ? h('p', { class: 'row' }, own.label && h('strong', {}, own.label), own.members.map(member).join(', '), button('party-leave', () => act('leave'))) : h('p', { class: 'muted' }, say('party-none')),
      invitations.map(({ party: id, from }) =>
        h('p', { class: 'row' }, say('party-invited', { name: from }), button('friend-accept', () => answer(id, 'accept')), button('friend-decline', () => answer(id, 'decline'))),
      ),
    );
  };
  const ends = [
    readWhileIn(context, () => void read()),
    store.watch(({ lobby }) => lobby.friends, showFriends),
    store.watch(({ content }) => content.tables, showFriends),
    store.watch(({ lobby }) => lobby.friendNews, (news, before) => before !== undefined && news !== before && void read()),
    store.watch(({ lobby }) => lobby.party, showParty),
    store.watch(({ lobby }) => lobby.invitations, showParty),
  ];
  return () => ends.forEach((end) => end());
};
