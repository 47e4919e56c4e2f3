/** Where the keyboard's focus goes when what has it goes away: a browser would begin again at the top of the page. */

/**
 * @param {Element | null | undefined} leaving is about to be removed or switched off
 * @param {Element | null | undefined} next what the reader goes on from
 */
export function handOn(leaving, next) {
  if (leaving?.contains(document.activeElement) && next instanceof HTMLElement) next.focus({ preventScroll: true });
}
