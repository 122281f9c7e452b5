// What is told and said: the log by channels, and the line where one types commands or speaks.

import { fill, h, keep, text } from '../../dom.js';
import { CHANNELS } from '../../state/chat.js';
import { completed, Typed } from './line.js';

/** @typedef {import('../../state/chat.js').ChatChannel} ChatChannel */
/** @typedef {import('../../state/chat.js').ChatLine} ChatLine */

/** As far from the end as this one reads back, in pixels, and is not moved by what comes. */
const READING = 48;
/** Names that can be acted on. */
const REASON_MAX = 200;

/** See the head of this file. */
export class Tell {
  #typed = new Typed();
  /** The line whose completions are waited for. */
  #asked = '';
  /** A line that does not go on: the next Tab leaves it. */
  #done = '\0';

  /** @param {import('./hands.js').Hands} hands @param {import('../../router.js').Context} context */
  constructor(hands, context) {
    this.hands = hands;
    this.context = context;
    this.say = context.words.say.bind(context.words);
    const { say } = this;
    this.tabs = h('div', { class: 'world-tabs', role: 'group', 'aria-label': say('world-channels') });
    this.more = h('button', { class: 'plain small world-more', onclick: () => this.#history() }, say('world-earlier'));
    this.silence = h('p', { class: 'muted world-said world-silence' }, say('world-silence'));
    this.log = h('div', { class: 'world-log', role: 'log', tabIndex: 0, 'aria-label': say('world-log') });
    this.input = h('input', {
      class: 'world-line',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: false,
      maxLength: 400,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.to = h('input', { class: 'world-to', autocomplete: 'off', maxLength: 24, 'aria-label': say('world-to'), placeholder: say('world-to'), oninput: () => this.context.store.dispatch('ui/chat_to', { to: this.to.value }), onchange: () => this.#history() });
    this.choices = h('p', { class: 'world-choices small muted', role: 'status' });
    this.form = h(
      'form',
      { class: 'world-form', onsubmit: (/** @type {SubmitEvent} */ event) => this.#send(event) },
      this.to,
      this.input,
      h('button', { class: 'primary', type: 'submit' }, say('world-send')),
    );
    this.root = h('section', { class: 'world-tell', 'aria-label': say('world-log') }, this.tabs, this.more, this.silence, this.log, this.choices, this.form);
  }

  /** Begins; returns what ends it. */
  start() {
    const { store } = this.context;
    const ends = [
      store.watch(({ chat }) => chat, (chat, before) => {
        this.#showTabs();
        if (chat.open !== before?.open) this.#opened();
        else if (chat.open !== 'all') {
          this.#showLines();
          // After a cut the newest lines are asked for again.
          const isForgotten = chat.before[chat.open] === undefined && before?.before[chat.open] !== undefined;
          if (isForgotten && chat.open !== 'whisper') this.#history();
        }
        if (this.to.value !== chat.to) this.to.value = chat.to;
      }),
      store.watch(({ world }) => world.log, () => store.state.chat.open === 'all' && this.#showLines()),
      store.watch(({ world }) => world.completions, ({ number, words }) => number > 0 && this.#complete(words)),
    ];
    return () => ends.forEach((end) => end());
  }

  focus() {
    this.input.focus();
  }

  #showTabs() {
    const { chat } = this.context.store.state;
    keep(
      this.tabs,
      /** @type {const} */ (['all', ...CHANNELS]),
      (channel) => channel,
      (channel) => h('button', { class: 'plain small', onclick: () => this.context.store.dispatch('ui/chat_open', { channel }) }),
      (tab, channel) => {
        tab.setAttribute('aria-pressed', String(chat.open === channel));
        const unread = channel === 'all' ? 0 : chat.unread[channel];
        const name = this.say(`world-channel-${channel}`);
        tab.setAttribute('aria-label', unread ? this.say('world-unread', { name, count: unread }) : name);
        fill(tab, name, unread > 0 && h('span', { class: 'world-unread number' }, unread));
      },
    );
  }

  #opened() {
    const { open, before } = this.context.store.state.chat;
    const isAll = open === 'all';
    this.log.replaceChildren();
    this.to.hidden = open !== 'whisper';
    const label = isAll ? this.say('world-command') : this.say('world-speak', { channel: this.say(`world-channel-${open}`) });
    this.input.setAttribute('aria-label', label);
    this.input.placeholder = label;
    text(this.choices, '');
    this.#showLines();
    this.log.scrollTop = this.log.scrollHeight;
    if (!isAll && before[open] === undefined) this.#history();
  }

  /** Asks for lines before those that are shown. Of whispers one asks by whom one has them with. */
  #history() {
    const { open, before, to } = this.context.store.state.chat;
    if (open === 'all' || (open === 'whisper' && !to)) return;
    this.context.link.client?.say('chat_history', { channel: open, with: open === 'whisper' ? to : '', before: before[open] ?? 0 });
  }

  #showLines() {
    const { store } = this.context;
    const { chat, world } = store.state;
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < READING;
    const lines = chat.open === 'all' ? [] : chat.lines[chat.open].filter(({ from }) => chat.ignored[from] === undefined);
    this.more.hidden = chat.open === 'all' || Number(chat.before[chat.open] ?? 0) === 0;
    this.silence.hidden = chat.open === 'all' || lines.length > 0;
    if (chat.open !== 'all') keep(this.log, lines, ({ id }) => String(id), (line) => this.#lineOf(line));
    else {
      keep(this.log, world.log, ({ number }) => number, ({ kind, words, from }) =>
        h('p', { class: `world-said ${kind}` }, kind === 'chat' && from ? this.#voice(from, 0, words) : words));
    }
    if (isAtEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {ChatLine} line */
  #lineOf({ id, from, text: words, at_ms: atMs }) {
    const at = new Date(Number(atMs));
    const time = at.toLocaleTimeString(this.context.words.locale, { hour: '2-digit', minute: '2-digit' });
    return h('p', { class: 'world-said chat' }, h('time', { class: 'small muted number', dateTime: at.toISOString() }, time), ' ', this.#voice(from, id, words));
  }

  /** Words of somebody, with what can be done about them. @param {string} from @param {number | bigint} line @param {string} words */
  #voice(from, line, words) {
    const { store } = this.context;
    if (from === store.state.session.name) return h('span', {}, words);
    const menu = h('span', { class: 'world-menu row' });
    const toggle = h('button', {
      class: 'plain world-name-button',
      'aria-expanded': 'false',
      'aria-label': this.say('world-about-name', { name: from }),
      onclick: () => {
        const isOpen = menu.childElementCount === 0;
        toggle.setAttribute('aria-expanded', String(isOpen));
        fill(menu, isOpen ? this.#deeds(from, line) : []);
      },
    }, '⋯');
    return h('span', {}, words, ' ', toggle, menu);
  }

  /** @param {string} name @param {number | bigint} line */
  #deeds(name, line) {
    const { store, link } = this.context;
    const ignored = store.state.chat.ignored[name];
    const button = (/** @type {string} */ word, /** @type {() => void} */ onclick) => h('button', { class: 'small', onclick }, this.say(word));
    const ignore = (/** @type {'not' | 'muted' | 'blocked'} */ how) => link.client?.say('ignore', { name, ignored: how });
    return [
      button('world-deed-whisper', () => {
        store.dispatch('ui/chat_to', { to: name });
        store.dispatch('ui/chat_open', { channel: 'whisper' });
        this.focus();
      }),
      ignored ? button('world-hear', () => ignore('not')) : button('world-mute', () => ignore('muted')),
      ignored === undefined && button('world-block', () => ignore('blocked')),
      button('world-report', () => this.#report(name, line)),
    ];
  }

  /** @param {string} name @param {number | bigint} line */
  #report(name, line) {
    const reason = h('input', { maxLength: REASON_MAX, required: true });
    const dialog = h(
      'dialog',
      { 'aria-label': this.say('world-report-name', { name }), onclose: () => dialog.remove() },
      h(
        'form',
        {
          method: 'dialog',
          class: 'stack',
          onsubmit: () => this.context.link.client?.say('report_chat', { line, from: name, reason: reason.value }),
        },
        h('h2', {}, this.say('world-report-name', { name })),
        h('label', {}, this.say('world-reason'), reason),
        h('div', { class: 'row' }, h('button', { class: 'primary' }, this.say('world-report')), h('button', { type: 'button', onclick: () => dialog.close() }, this.say('world-cancel'))),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    event.preventDefault();
    const line = this.input.value.trim();
    if (!line) return;
    const { open, to } = this.context.store.state.chat;
    this.#typed.add(line);
    this.input.value = '';
    text(this.choices, '');
    // A command can be given in every channel.
    if (open === 'all' || line.startsWith('/')) this.hands.type(line.replace(/^\//, ''));
    else this.context.link.client?.chat(open, line, { to: open === 'whisper' ? to : '' });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { value } = this.input;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const line = this.#typed.look(event.key === 'ArrowUp' ? -1 : 1, value);
      if (line === undefined) return;
      event.preventDefault();
      this.input.value = line;
    } else if (event.key === 'Tab' && !event.shiftKey && value && value !== this.#done) {
      event.preventDefault();
      this.#asked = value;
      this.hands.command({ complete: { line: value.replace(/^\//, '') } });
    } else if (event.key === 'Escape') {
      this.input.blur();
    }
  }

  /** @param {readonly string[]} words */
  #complete(words) {
    if (!this.#asked || this.input.value !== this.#asked) return;
    const { line, choices } = completed(this.#asked, words);
    // A second Tab without anything to add goes on to the next control.
    if (line === this.#asked) this.#done = line;
    this.#asked = '';
    this.input.value = line;
    text(this.choices, choices.join('   '));
  }
}
