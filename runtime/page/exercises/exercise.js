/**
 * Exercises and questions: what answers them are files of their own, loaded when a reader turns to one or has been at
 * one before.
 */

import { missing } from "../missing_parts.js";

/** @import {Cell} from "../cells/cell.js" */
/** @import {Practice} from "./practice.js" */
/** @import {Questions} from "./questions.js" */
/** @import {Store} from "../storage/store.js" */

/** Marks of the entries of `practice.js` in the store, and of those of `questions.js`. */
const KEPT = /^(answer|typed|solved|variant) /;
const GUESSED = /^guess /;

/**
 * @param {HTMLElement} page names the file of what exercises keep back
 * @param {Store} store
 * @param {Map<string, Cell>} cells
 * @returns {(() => Promise<unknown>)[]} what loads those files
 */
export function exercises(page, store, cells) {
  const practice = once(() => import("./practice.js").then(({ Practice }) => new Practice(page, store, cells)));
  const questions = once(() => import("./questions.js").then(({ Questions }) => new Questions(page, store)));
  /** @param {Event} event @param {(practice: Practice, section: HTMLElement) => void} act */
  const answer = ({ target }, act) => {
    const section = around(target, "[data-exercise]");
    if (section)
      practice().then(
        (practice) => act(practice, section),
        () => missing(WORDS.part.exercises),
      );
  };
  /** @param {Event} event @param {(questions: Questions, question: HTMLElement) => void} act */
  const guess = ({ target }, act) => {
    const question = around(target, "[data-question]");
    if (question)
      questions().then(
        (questions) => act(questions, question),
        () => missing(WORDS.part.guesses),
      );
  };
  page.addEventListener("focusin", (event) => answer(event, () => {}));
  page.addEventListener("input", (event) => {
    if (around(event.target, "[data-answer-form]")) answer(event, (practice, section) => practice.typed(section));
  });
  page.addEventListener("click", (event) => {
    // Enter clicks as well. A form is never submitted: a frame may forbid that.
    const form = around(event.target, "[type=submit]") && around(event.target, "[data-answer-form], [data-guess]");
    if (form) {
      event.preventDefault();
      answer(event, (practice, section) => practice.check(section));
      guess(event, (questions, question) => questions.typed(question));
    }
    if (around(event.target, "[data-another]")) answer(event, (practice, section) => practice.another(section));
    if (around(event.target, "[data-action=check]")) answer(event, (practice, section) => practice.examine(section));
    if (around(event.target, "[data-action=run]")) uncover(event);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) uncover(event);
  });
  /** @param {Event} event */
  const toggled = (event) => {
    const reply = event.target;
    if (reply instanceof HTMLDetailsElement && reply.open) guess(event, (all, question) => all.opened(question, reply));
  };
  page.addEventListener("toggle", toggled, true); // it does not bubble
  if (store.keys.some((key) => KEPT.test(key))) practice();
  if (store.keys.some((key) => GUESSED.test(key))) questions();
  return [practice, questions];
}

/**
 * Whoever runs a cell wants to see what it prints, guessed or not.
 * @param {Event} event
 */
function uncover({ target }) {
  around(target, "[data-cell]")?.querySelector("[data-after]")?.setAttribute("open", "");
}

/**
 * What an event is about: a translated page has elements of the browser's own in every button.
 * @param {EventTarget | null} target
 * @param {string} selector
 */
function around(target, selector) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(selector)) : null;
}

/**
 * Loads once; after a failure the next turn tries again.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
function once(load) {
  /** @type {Promise<T> | undefined} */
  let loaded;
  return () => {
    loaded ??= load();
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
}
