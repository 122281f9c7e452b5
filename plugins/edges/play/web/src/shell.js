// What stands around every screen: the bar with its ways, how the connection is, and notices.

import { fill, h, keep, text } from './dom.js';

/** Ways of the bar, and the words for them. */
const WAYS = /** @type {const} */ (['lobby', 'world', 'creatures', 'settings']);
/** How long a notice stands. */
const NOTICE_MS = 8_000;

/**
 * @param {HTMLElement} bar @param {HTMLElement} notices
 * @param {import('./router.js').Context} context
 */
export function showShell(bar, notices, context) {
  const { store, words } = context;
  const nav = h('nav', { 'aria-label': words.say('ways') });
  const who = h('span', { class: 'who small muted' });
  const stand = h('div', { class: 'stand', role: 'status' });
  const leave = h('button', { class: 'plain small', onclick: () => void context.link.logout().then(() => context.router.go('')) });
  fill(bar, h('span', { class: 'name' }, 'Hypogeum'), nav, who, leave, stand);
  const show = () => {
    const { session } = store.state;
    const here = context.router.path.split('/')[0];
    const isIn = session.stand !== 'out';
    nav.hidden = !isIn;
    leave.hidden = !isIn;
    text(leave, words.say('log-out'));
    text(who, isIn ? session.name : '');
    fill(nav, WAYS.map((way) => h('a', { href: `#/${way}`, 'aria-current': way === here ? 'page' : null }, words.say(`way-${way}`))));
    showStand(stand, context);
  };
  store.watch(({ session }) => session, show);
  addEventListener('hashchange', show);
  store.watch(
    ({ notices: { shown } }) => shown,
    (shown) => keep(notices, shown, ({ number }) => number, (notice) => noticeOf(notice, context)),
  );
}

/** @param {HTMLElement} root @param {import('./router.js').Context} context */
function showStand(root, { store, link, words }) {
  const { stand, attempt, reason } = store.state.session;
  const again = () => h('button', { onclick: () => void link.connectAgain().catch((error) => link.failed(error)) }, words.say('connect-again'));
  if (stand === 'waiting') fill(root, words.say('connection-waiting', { attempt }), h('span', { class: 'muted small' }, reason));
  else if (stand === 'elsewhere') fill(root, words.say('connection-elsewhere'), again());
  else if (stand === 'closed') fill(root, words.say('connection-closed', { reason }), again());
  else fill(root);
}

/** @param {import('./state/notices.js').Notice} notice @param {import('./router.js').Context} context */
function noticeOf({ number, kind, words: said }, { store, words }) {
  const seen = () => store.dispatch('ui/notice_seen', { number });
  setTimeout(seen, NOTICE_MS);
  return h('div', { class: `notice ${kind}` }, h('span', {}, said), h('button', { class: 'plain', 'aria-label': words.say('dismiss'), onclick: seen }, '×'));
}
