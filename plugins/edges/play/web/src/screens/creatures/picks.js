// What was picked in a form stays picked while the form is made anew around it.

/** Selects of a part of the page, in their order. @param {Element} root */
const selectsOf = (root) => [...root.querySelectorAll('select')];

/**
 * Makes a part of the page anew; each select has what it had, where there still is such an option, and the focus where it was.
 * @param {Element} root @param {() => void} make
 */
export function keepPicks(root, make) {
  const before = selectsOf(root).map((select) => ({ value: select.value, hasFocus: select === document.activeElement }));
  make();
  selectsOf(root).forEach((select, at) => {
    const old = before[at];
    if (!old) return;
    if ([...select.options].some(({ value }) => value === old.value)) select.value = old.value;
    if (old.hasFocus) select.focus();
  });
}
