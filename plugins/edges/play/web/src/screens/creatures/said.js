// Words for keys of a game's own content: those that the page does not know are shown as they are.

/** @param {import('../../words.js').Words} words @param {'level' | 'format' | 'state'} kind @param {string} key */
export function saidOf(words, kind, key) {
  const id = `creatures-${kind}-${key.replaceAll('_', '-')}`;
  const said = words.say(id);
  return said === id ? key.replaceAll('_', ' ') : said;
}
