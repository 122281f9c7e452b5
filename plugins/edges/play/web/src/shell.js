// What stands around every screen: the bar with its ways, how the connection is, and notices.

import { fill, h, keep, text } from './dom.js';
import { rowOf } from './state/content.js';
import { UNREACHED } from './state/notices.js';

/** How long a notice stands: longer while somebody points at it. */
const NOTICE_MS = 8_000;

/**
 * Ways of the bar. The match is one while there is one.
 * @param {Pick<import('./app.js').AppState, 'session'>} state
 */
export function waysOf({ session }) {
  const match = session.place?.kind === 'match' ? ['match'] : [];
  return [...match, 'lobby', 'world', 'creatures', 'settings'];
}

/**
 * @param {HTMLElement} bar @param {HTMLElement} notices
 * @param {import('./router.js').Context} context
 */
export function showShell(bar, notices, context) {
  const { store, words, router, link } = context;
  const nav = h('nav', { id: 'ways' });
  const who = h('span', { class: 'who small muted' });
  const leave = h('button', { class: 'plain small', type: 'button', onclick: () => void link.logout().then(() => router.go('', { isReplaced: true })) });
  const panel = h('div', { class: 'panel', id: 'bar-panel' }, nav, h('div', { class: 'account' }, who, leave));
  const menu = h('button', { class: 'plain menu', type: 'button', 'aria-controls': 'bar-panel', onclick: () => open(bar.dataset.open !== 'true') });
  const stand = h('div', { class: 'stand', role: 'status' });
  const name = h('a', { class: 'name', href: '#/lobby' }, h('span', { class: 'arch', 'aria-hidden': 'true' }), h('span', {}, 'Hypogeum'));
  const inLine = h('a', { class: 'chip small', href: '#/lobby' });
  fill(bar, h('div', { class: 'line' }, name, inLine, menu, panel), stand);

  const skip = document.querySelector('.skip');
  const open = (/** @type {boolean} */ isOpen) => {
    bar.dataset.open = String(isOpen);
    menu.setAttribute('aria-expanded', String(isOpen));
  };
  const show = () => {
    const { session } = store.state;
    const isIn = session.isKnown && session.stand !== 'out';
    bar.dataset.in = String(isIn);
    panel.hidden = !isIn;
    menu.hidden = !isIn;
    nav.setAttribute('aria-label', words.say('ways'));
    menu.setAttribute('aria-label', words.say('menu'));
    text(leave, words.say('log-out'));
    if (skip) text(skip, words.say('skip'));
    text(who, isIn ? session.name : '');
    keep(nav, waysOf(store.state), (way) => way, (way) => h('a', { href: `#/${way}` }), (link, way) => showWay(link, way, context));
    const queued = store.state.lobby.queue?.mode;
    inLine.hidden = !isIn || queued === undefined || router.root.dataset.screen === 'lobby';
    if (queued !== undefined) text(inLine, words.say('lobby-in-line', { mode: rowOf(store.state.content, 'modes', queued)?.name ?? queued }));
    showStand(stand, context);
  };
  skip?.addEventListener('click', (event) => {
    event.preventDefault();
    router.root.focus();
  });
  open(false);
  store.watch(({ session }) => session, show);
  store.watch(({ content }) => content.wordsIn, show);
  store.watch(({ lobby }) => lobby.queue?.mode, show);
  router.root.addEventListener('shown', () => (open(false), show()));
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || bar.dataset.open !== 'true') return;
    open(false);
    menu.focus();
  });
  store.watch(
    ({ notices: { shown } }) => shown,
    (shown) => keep(notices, shown, ({ number }) => number, (notice) => noticeOf(notice, context)),
  );
}

/** @param {HTMLElement} link @param {string} way @param {import('./router.js').Context} context */
function showWay(link, way, { store, words, router }) {
  const isHere = router.root.dataset.screen === way;
  // Where one is while one looks at something else.
  const isLive = way === store.state.session.place?.kind;
  text(link, words.say(`way-${way}`));
  link.classList.toggle('live', isLive);
  if (isLive) link.title = words.say('way-live');
  else link.removeAttribute('title');
  if (isHere) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
}

/** How the connection is, where it is not as usual. @param {HTMLElement} root @param {import('./router.js').Context} context */
function showStand(root, { store, link, words }) {
  const { stand, attempt, reason } = store.state.session;
  const told = stand === 'waiting' || stand === 'elsewhere' || stand === 'closed' ? stand : '';
  if (!told) {
    root.dataset.stand = '';
    return fill(root);
  }
  if (root.dataset.stand !== told) {
    const again = () => void link.connectAgain().catch((error) => link.failed(error));
    root.dataset.stand = told;
    fill(
      root,
      h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h('span', {}, words.say(`connection-${told}`)),
      // Tries are counted for those who see them, and told to nobody.
      h('span', { class: 'why small muted', 'aria-live': told === 'waiting' ? 'off' : null }),
      h('button', { class: 'small', type: 'button', onclick: again }, words.say(told === 'elsewhere' ? 'connect-here' : 'connect-again')),
    );
  }
  const why = told === 'elsewhere' ? '' : told === 'waiting' ? words.say('connection-try', { attempt }) : reason;
  const place = root.querySelector('.why');
  if (place) text(place, why);
}

/** @param {import('./state/notices.js').Notice} notice @param {import('./router.js').Context} context */
function noticeOf({ number, kind, code, words: said }, { store, words }) {
  const seen = () => store.dispatch('ui/notice_seen', { number });
  const notice = h(
    'div',
    { class: `notice ${kind}` },
    h('span', {}, UNREACHED.has(code) ? words.say('notice-unreached') : said),
    h('button', { class: 'plain', type: 'button', 'aria-label': words.say('dismiss'), onclick: seen }, '×'),
  );
  const wait = () => setTimeout(() => (notice.matches(':hover, :focus-within') ? wait() : seen()), NOTICE_MS);
  wait();
  return notice;
}
