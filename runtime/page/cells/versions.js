/**
 * What is said above a cell's buttons of the code it shows, and the other versions that are offered there. Loaded when
 * there is something to say.
 */

import { described, visible } from "./invisible_characters.js";
import { Notice } from "./notice.js";

/** @import {Draft} from "./draft.js" */
/** @import {Earlier} from "../storage/store.js" */

/** Letters of a version's first line that tell it from others. */
const LETTERS = 40;

/** @typedef {Record<string, () => void>} Choices */

/**
 * @param {string} what
 * @param {Draft} draft
 * @param {HTMLElement} bar
 * @param {boolean} read whether foreign code has been run
 * @param {Choices} more beside a sentence
 */
export function offer(what, draft, bar, read, more) {
  draft.notice ??= new Notice(bar);
  const choices = CHOICES[what]?.(draft) ?? more;
  const words = [SENTENCES[what] ?? what];
  if (what in FOREIGN) words.push(read ? "" : "It has not been run: read it first.", described(draft.code.text));
  draft.notice.show(words.filter(Boolean).join(" "), choices);
}

/**
 * The button beside the others that brings back what was here.
 * @param {HTMLElement} bar
 */
export function past(bar) {
  if (bar.querySelector("[data-action=before]")) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  button.dataset.action = "before";
  button.textContent = "Earlier versions";
  bar.querySelector("[data-progress]")?.before(button);
}

/**
 * The state of an instrument that was replaced.
 * @param {HTMLElement} place
 * @param {string} by what replaced it
 * @param {(back: boolean) => void} choose
 */
export function offerState(place, by, choose) {
  place.parentElement?.querySelector(":scope > [data-notice]")?.remove();
  const words = `What this instrument showed before was replaced by ${by}.`;
  new Notice(place).show(words, { "Back to what was here": () => choose(true), "Keep it": () => choose(false) });
}

const FOREIGN = { link: true, file: true };

/** @type {Record<string, string>} */
const SENTENCES = {
  link: "This code came with the link you followed.",
  file: "This code came with a file.",
  book: "The book has changed this cell since you edited it. This is the new version.",
  tab: "This code was written in another tab.",
  clash: "This cell was changed in another tab, too. This is what you typed here.",
  before: "What was here before. Nothing is lost by choosing.",
};

/** @type {Record<string, (draft: Draft) => Choices>} */
const CHOICES = {
  link: (draft) => ({
    "Keep it": () => draft.adopt(),
    ...(draft.visiting ? { "Back to what was here": () => draft.remember() } : last(draft, "Back to what was here")),
  }),
  file: (draft) => ({ "Keep it": () => draft.adopt(), ...last(draft, "Back to what was here") }),
  book: (draft) => ({ "Use mine": () => aside(draft, true), "Keep the new one": () => aside(draft, false) }),
  tab: (draft) => ({ "Keep it": () => {}, ...last(draft, "Back to what was here") }),
  clash: (draft) => ({ "Keep this": () => {}, ...last(draft, "Use the other tab’s") }),
  before: (draft) => ({ ...all(draft), "Leave it": () => {} }),
};

/**
 * @param {Draft} draft
 * @returns {Earlier[]} the versions that are not what is shown
 */
function others(draft) {
  const readable = draft.store.before(draft.key).filter(({ value }) => typeof value.text === "string");
  return readable.filter(({ value }) => value.text !== draft.code.text);
}

/**
 * @param {Draft} draft
 * @param {string} label
 * @returns {Choices} the version that was replaced last, or the book's
 */
function last(draft, label) {
  const [version] = others(draft);
  return { [label]: () => (version ? draft.restore(version.value) : draft.reset()) };
}

/** @param {Draft} draft @returns {Choices} */
function all(draft) {
  return Object.fromEntries(
    others(draft).map(({ by, value }, place) => [
      `${place + 1}, until ${by}: ${visible(value.text.trim().split("\n", 1)[0].slice(0, LETTERS))} …`,
      () => draft.restore(value),
    ]),
  );
}

/**
 * The reader's version of a cell that the book has changed.
 * @param {Draft} draft
 * @param {boolean} use whether to show it
 */
function aside(draft, use) {
  const { store, key } = draft;
  const version = store.get(draft.aside);
  store.put(draft.aside, undefined);
  if (use) return draft.restore(version);
  store.shelve(key, "the book changed", version);
  draft.past();
}
