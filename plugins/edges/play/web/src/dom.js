// Elements: made in one expression, and lists of them kept in step with what they show.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. Properties beginning with `on` are listeners, `class`, `for`, `aria-…`, `data-…` and `role` attributes, all others
 * properties of the element. Text is always text: nothing from outside becomes markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class' || name === 'for' || name === 'role' || name === 'list' || name.includes('-')) element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...present(children));
  return element;
}

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
function present(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : /** @type {Node | string} */ (child)));
}

/**
 * Replaces what an element holds.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

/**
 * Sets a text where it is another: a screen reader is not told twice.
 * @param {Node} node
 * @param {string | number} words
 */
export function text(node, words) {
  const next = String(words);
  if (node.textContent !== next) node.textContent = next;
}

/**
 * Keeps the children of `parent` in step with `items`: elements stay with their items, so focus and scrolling do.
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string | number} key
 * @param {(item: T) => HTMLElement} make
 * @param {(element: HTMLElement, item: T) => void} [update]
 */
export function keep(parent, items, key, make, update = () => {}) {
  /** @type {Map<string, HTMLElement>} */
  const old = new Map();
  for (const child of parent.children) if (child instanceof HTMLElement && child.dataset.key !== undefined) old.set(child.dataset.key, child);
  /** @type {Element | null} */
  let at = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const element = old.get(name) ?? make(item);
    old.delete(name);
    element.dataset.key = name;
    update(element, item);
    if (element === at) at = at.nextElementSibling;
    else parent.insertBefore(element, at);
  }
  for (const element of old.values()) element.remove();
}
