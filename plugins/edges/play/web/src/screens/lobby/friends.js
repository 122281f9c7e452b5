// Friends, where they are, and the party one is in.

import { fill, h, keep, text } from '../../dom.js';
import { rowOf } from '../../state/content.js';
import { leads } from '../../state/lobby.js';
import { readWhileIn } from './reading.js';

/** @typedef {import('../../state/lobby.js').Friend} Friend */

/** @type {import('../lobby.js').Part} */
export const friends = (root, context) => {
  const { store, words, link } = context;
  const say = (/** @type {string} */ id, values = {}) => words.say(`lobby-${id}`, values);
  /** @param {string} id @param {() => unknown} onclick @param {string} [whom] whom it is about, for those who do not see what it stands beside */
  const button = (id, onclick, whom) => h('button', { type: 'button', onclick, 'aria-label': whom && `${say(id)}: ${whom}` }, say(id));
  const party = h('div', { role: 'status' });
  const list = h('ul', { class: 'friends' });
  const empty = h('p', { class: 'muted empty' });
  const name = h('input', { type: 'text', maxLength: 96, required: true, autocomplete: 'off', 'aria-label': say('friend-name'), placeholder: say('friend-name') });
  const label = h('input', { type: 'text', maxLength: 42, 'aria-label': say('party-label'), placeholder: say('party-label') });
  const named = (/** @type {Event} */ event) => {
    event.preventDefault();
    act({ label: { label: label.value } });
  };
  const labelling = h('form', { class: 'row', hidden: true, onsubmit: named }, label, h('button', {}, say('party-name')));
  const isLeader = () => leads(store.state.lobby, store.state.session.accountId);
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
  const block = async () => {
    if (name.reportValidity() && (await done(link.api.block(name.value)))) name.value = '';
  };
  fill(root, h('section', {}, h('h2', {}, say('party')), party, labelling, h('h2', {}, say('friends')), h('form', { class: 'row', onsubmit: add }, name, h('button', {}, say('friend-add')), button('friend-block', block)), list, empty));

  /** @param {Friend} friend */
  const stand = ({ state, presence }) => {
    if (state !== 'friend') return say(`friend-${state}`);
    const where = presence.mode ? (rowOf(store.state.content, 'modes', presence.mode)?.name ?? presence.mode) : (presence.place ?? '');
    return say(`friend-${presence.state.replace('_', '-')}`, { where });
  };
  /** @param {Friend} friend */
  const deeds = ({ account_id: id, name: who, state, presence }) => {
    if (state === 'blocked') return [button('friend-unblock', () => done(link.api.unblock(id)), who)];
    const remove = button(state === 'received' ? 'friend-decline' : 'friend-remove', () => done(link.api.removeFriend(id)), who);
    const last = [remove, button('friend-block', () => done(link.api.block(who)), who)];
    if (state === 'received') return [button('friend-accept', () => done(link.api.acceptFriend(id)), who), ...last];
    return state === 'friend' && presence.state !== 'offline' ? [button('friend-invite', () => act({ invite: { name: who } }), who), ...last] : last;
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
  /** @param {import('../../../types/messages.js').PartyMember} member */
  const memberOf = ({ account, name: who, is_here: isHere }) => {
    const leader = store.state.lobby.party?.leader;
    const canLead = isLeader() && account !== leader;
    return h(
      'li',
      { class: 'row' },
      h('strong', {}, account === leader ? say('party-leader', { name: who }) : who),
      h('span', { class: 'small muted' }, isHere ? '' : say('friend-offline')),
      canLead && [button('party-promote', () => act({ promote: { account } }), who), button('party-kick', () => act({ kick: { account } }), who)],
    );
  };
  const showParty = () => {
    const { party: own, invitations } = store.state.lobby;
    const answer = (/** @type {number | bigint} */ id, /** @type {'accept' | 'decline'} */ how) => {
      act(how === 'accept' ? { accept: { party: id } } : { decline: { party: id } });
      store.dispatch('ui/invitation_answered', id);
    };
    fill(
      party,
      own ? [h('p', { class: 'row' }, own.label && h('strong', {}, own.label), button('party-leave', () => act('leave'))), h('ul', { class: 'friends' }, own.members.map(memberOf))] : h('p', { class: 'muted' }, say('party-none')),
      own && own.invited.length > 0 && h('p', { class: 'small muted' }, say('party-waiting', { names: own.invited.join(', ') })),
      invitations.map(({ party: id, from }) =>
        h('p', { class: 'row' }, say('party-invited', { name: from }), button('friend-accept', () => answer(id, 'accept'), from), button('friend-decline', () => answer(id, 'decline'), from)),
      ),
    );
  };
  const showLabel = () => {
    labelling.hidden = !isLeader();
    if (document.activeElement !== label) label.value = store.state.lobby.party?.label ?? '';
  };
  const ends = [
    readWhileIn(context, () => void read()),
    store.watch(({ lobby }) => lobby.friends, showFriends),
    store.watch(({ content }) => content.tables, showFriends),
    store.watch(({ lobby }) => lobby.friendNews, (news, before) => before !== undefined && news !== before && void read()),
    store.watch(({ lobby }) => lobby.party, showParty),
    store.watch(({ lobby }) => lobby.party, showLabel),
    store.watch(({ lobby }) => lobby.invitations, showParty),
  ];
  return () => ends.forEach((end) => end());
};
