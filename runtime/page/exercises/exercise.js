/**
 * Exercises: what answers them is a file of its own, loaded when a reader turns to one or has been at one before.
 */

import { missing } from "../missing_parts.js";

/** @import {Cell} from "../cells/cell.js" */
/** @import {Practice} from "./practice.js" */
/** @import {Store} from "../storage/store.js" */

/** Marks of the entries of `practice.js` in the store. */
const KEPT = /^(answer|solved|variant) /;

/**
 * @param {HTMLElement} page names the file of what exercises keep back
 * @param {Store} store
 * @param {Map<string, Cell>} cells
 * @returns {() => Promise<Practice>} loads that file
 */
export function exercises(page, store, cells) {
  /** @type {Promise<Practice> | undefined} */
  let practice;
  const load = () => {
    practice ??= import("./practice.js").then(({ Practice }) => new Practice(page, store, cells));
    practice.catch(() => {
      practice = undefined; // the next turn tries again
    });
    return practice;
  };
  /** @param {Event} event @param {(practice: Practice, section: HTMLElement) => void} act */
  const answer = ({ target }, act) => {
    const section = target instanceof Element && target.closest("[data-exercise]");
    if (!(section instanceof HTMLElement)) return;
    load().then(
      (practice) => act(practice, section),
      () => missing("What checks exercises"),
    );
  };
  page.addEventListener("focusin", (event) => answer(event, () => {}));
  page.addEventListener("submit", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-answer-form]")) event.preventDefault();
    answer(event, (practice, section) => practice.check(section));
  });
  page.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.matches("[data-another]")) answer(event, (practice, section) => practice.another(section));
    if (event.target.matches("[data-action=check]")) answer(event, (practice, section) => practice.examine(section));
  });
  if (store.keys.some((key) => KEPT.test(key))) load();
  return load;
}
