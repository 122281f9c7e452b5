/**
 * A name as messages have it: `RoundOver` is `round_over`.
 * @param {string} name
 */
export function snakeCase(name) {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}
