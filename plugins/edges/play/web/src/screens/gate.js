// The first screen: log in, register, or look in as a guest. The router goes on from here once somebody is in.

import { HypogeumError } from '../../sdk/errors.js';
import { clockOf } from '../clock.js';
import { fill, h, text } from '../dom.js';
import { refusalOf, secondsLeft } from '../state/gate.js';
import { fieldOf } from './gate/field.js';
import { showHalls } from './gate/halls.js';

/** @type {import('../router.js').Screen} */
export const gate = (root, { store, link, words }) => {
  let isNew = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  const name = fieldOf(words.say('name'), { name: 'name', autocomplete: 'username', required: true, maxLength: 96, spellcheck: false, autocapitalize: 'off' });
  const password = fieldOf(words.say('password'), { name: 'password', type: 'password', maxLength: 128 });
  const guestWrong = h('p', { class: 'wrong', role: 'alert' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const wait = h('p', { class: 'small muted', role: 'status' });
  const left = h('span', { class: 'number', 'aria-hidden': 'true' });
  const submit = h('button', { class: 'primary', type: 'submit' });
  const guest = h('button', { type: 'button', onclick: () => void tried(guest, () => link.guest(name.input.value.trim())) }, words.say('guest'));
  const shown = h('button', { class: 'plain small reveal', type: 'button', onclick: () => reveal() }, words.say('gate-show'));
  password.label.append(shown);
  const choices = [false, true].map((value) =>
    h('button', { type: 'button', name: value ? 'new' : 'known', onclick: () => choose(value) }, words.say(value ? 'register' : 'log-in')),
  );

  const reveal = () => {
    const isShown = password.input.type === 'password';
    password.input.type = isShown ? 'text' : 'password';
    text(shown, words.say(isShown ? 'gate-hide' : 'gate-show'));
  };
  const choose = (/** @type {boolean} */ value) => {
    isNew = value;
    choices.forEach((choice, at) => choice.setAttribute('aria-pressed', String(Boolean(at) === value)));
    text(submit, words.say(value ? 'gate-register' : 'gate-log-in'));
    password.input.autocomplete = value ? 'new-password' : 'current-password';
    password.hint(value ? words.say('gate-password-hint') : '');
    name.hint(value ? words.say('gate-name-hint') : '');
    clear();
  };
  const clear = () => {
    clearInterval(ticking);
    for (const each of [name, password]) each.wrong('');
    for (const each of [wrong, guestWrong, wait, left]) text(each, '');
    submit.disabled = guest.disabled = false;
  };
  /** @param {unknown} error */
  const refused = (error) => {
    if (!(error instanceof HypogeumError)) throw error;
    const { field, code, words: said, untilMs } = refusalOf(error, Date.now());
    const told = code === 'unreachable' || code === 'timeout' ? words.say('notice-unreached') : said;
    if (field === 'name') name.wrong(told);
    else if (field === 'password') password.wrong(told);
    else text(field === 'guest' ? guestWrong : wrong, told);
    if (untilMs) locked(untilMs);
  };
  /** Nobody gets in before; how long it takes is told once, and counted for those who see it. @param {number} untilMs */
  const locked = (untilMs) => {
    text(wait, words.say('gate-wait', { seconds: secondsLeft(untilMs, Date.now()) }));
    submit.disabled = true;
    const tick = () => {
      const seconds = secondsLeft(untilMs, Date.now());
      text(left, seconds ? clockOf(seconds) : '');
      if (!seconds) clear();
    };
    ticking = setInterval(tick, 250);
    tick();
  };
  /** @param {HTMLButtonElement} button @param {() => Promise<void>} enter */
  const tried = async (button, enter) => {
    if (form.getAttribute('aria-busy') === 'true') return;
    clear();
    if (!name.input.value.trim()) return name.wrong(words.say('gate-name-missing'));
    form.setAttribute('aria-busy', 'true');
    button.classList.add('busy');
    try {
      await enter();
    } catch (error) {
      refused(error);
    } finally {
      form.removeAttribute('aria-busy');
      button.classList.remove('busy');
    }
  };
  const form = h(
    'form',
    {
      class: 'card door',
      noValidate: true,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        if (submit.disabled) return;
        const known = [name.input.value.trim(), password.input.value];
        void tried(submit, () => (isNew ? link.register(known[0], known[1]) : link.login(known[0], known[1])));
      },
    },
    h('div', { class: 'choice', role: 'group', 'aria-label': words.say('gate-choice') }, choices),
    name.element,
    password.element,
    wrong,
    wait,
    h('div', { class: 'enter' }, submit, left),
    h('p', { class: 'or small muted' }, h('span', {}, words.say('gate-or'))),
    guest,
    h('p', { class: 'small muted' }, words.say('gate-guest-hint')),
    guestWrong,
  );
  const { reason } = store.state.session;
  const halls = h('canvas', { class: 'halls', 'aria-hidden': 'true' });
  fill(
    root,
    h(
      'div',
      { class: 'gate' },
      halls,
      h('div', { class: 'about' }, h('h1', {}, 'Hypogeum'), h('p', {}, words.say('gate-about')), reason ? h('p', { class: 'reason', role: 'status' }, words.say('gate-logged-out', { reason })) : null),
      form,
    ),
  );
  choose(false);
  const endHalls = showHalls(halls, store);
  return () => {
    clearInterval(ticking);
    endHalls();
  };
};
