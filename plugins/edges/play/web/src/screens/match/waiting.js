// No match is under way: the way to the lobby, or with a mode in the address the line of that mode.

import { fill, h } from '../../dom.js';
import { quickLoadout } from './loadout.js';

/** @param {HTMLElement} root @param {import('../../router.js').Context} context @param {string} mode to wait for; empty: none */
export function waiting(root, { store, link, words, router }, mode) {
  const said = h('p', { class: 'muted', role: 'status' });
  const leave = h('button', { onclick: () => void stop() }, words.say('match-to-lobby'));
  fill(root, h('div', { class: 'page' }, h('h1', {}, words.say('way-match')), h('div', { class: 'card' }, said, h('div', { class: 'row' }, leave))));

  async function stop() {
    if (store.state.match.queued) await link.client?.leaveQueue().catch((error) => link.failed(error));
    router.go('lobby');
  }
  /** @type {(() => void)[]} */
  const ends = [
    store.watch(
      ({ match: { queued } }) => queued,
      (queued) => fill(said, queued ? words.say('match-waiting', { waiting: queued.waiting, wanted: queued.wanted }) : words.say(mode ? 'match-waits' : 'match-none')),
    ),
  ];
  if (mode) ends.push(...joined());
  return () => ends.forEach((end) => end());

  /** Queues whenever there is a connection that is in nothing. */
  function joined() {
    const off = store.watch(
      ({ session }) => session.welcome,
      (welcome) => {
        const isKnown = welcome?.modes.some((/** @type {{ name: string }} */ { name }) => name === mode);
        if (!isKnown || (welcome.current_match ?? null) !== null) return;
        link.client?.joinQueue(mode).catch((error) => link.failed(error));
      },
    );
    let offClient = () => {};
    const offLoadout = store.watch(
      ({ session }) => session.stand,
      () => {
        const { client } = link;
        offClient();
        if (!client) return;
        offClient = client.on('loadout_open', ({ stash }) => {
          client.chooseLoadout(quickLoadout(store.state.content, stash)).catch((error) => link.failed(error));
        });
      },
    );
    return [off, offLoadout, () => offClient()];
  }
}
