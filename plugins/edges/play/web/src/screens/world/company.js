// With whom one goes: the group, and who has asked one to join it.

import { fill, h } from '../../dom.js';

/** See the head of this file. */
export class Company {
  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    this.body = h('div', { class: 'stack', 'aria-live': 'polite' });
    this.root = h('section', { class: 'world-panel', 'aria-label': this.say('world-group') }, h('h2', {}, this.say('world-group')), this.body);
  }

  start() {
    const { store } = this.context;
    const show = () => {
      const { group, invitedBy } = store.state.world;
      const button = (/** @type {string} */ word, /** @type {import('../../../types/messages.js').WorldCommand} */ command, isFirst = false) =>
        h('button', { class: isFirst ? 'primary' : '', onclick: () => this.hands.command(command) }, this.say(word));
      fill(
        this.body,
        invitedBy && h('p', {}, this.say('world-invited', { name: invitedBy })),
        invitedBy && h('div', { class: 'row' }, button('world-join', 'join', true), button('world-refuse', 'leave_group')),
        h('p', { class: group ? '' : 'muted' }, group || this.say('world-alone')),
        !invitedBy && h('div', { class: 'row' }, button('world-group-who', 'group'), group && button('world-group-leave', 'leave_group')),
        h('p', { class: 'small muted' }, this.say('world-group-help')),
      );
    };
    const ends = [store.watch(({ world }) => world.group, show), store.watch(({ world }) => world.invitedBy, show)];
    return () => ends.forEach((end) => end());
  }
}
