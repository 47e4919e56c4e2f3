/**
 * What is said above a cell's buttons of the code it shows, and the other versions that are offered there. Loaded when
 * there is something to say.
 */

import { fill } from "../../engine/words.js";
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
  if (what in FOREIGN) words.push(read ? "" : WORDS.version.read_first, described(draft.code.text));
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
  button.textContent = WORDS.version.earlier;
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
  const choices = { [WORDS.site.back]: () => choose(true), [WORDS.version.keep_it]: () => choose(false) };
  new Notice(place).show(fill(WORDS.version.instrument, { by }), choices);
}

const FOREIGN = { link: true, file: true };

/** @type {Record<string, string>} */
const SENTENCES = {
  link: WORDS.version.link,
  file: WORDS.version.file,
  book: WORDS.version.book,
  tab: WORDS.version.tab,
  clash: WORDS.version.clash,
  before: WORDS.version.before,
};

/** @type {Record<string, (draft: Draft) => Choices>} */
const CHOICES = {
  link: (draft) => ({
    [WORDS.version.keep_it]: () => draft.adopt(),
    ...(draft.visiting ? { [WORDS.site.back]: () => draft.remember() } : last(draft, WORDS.site.back)),
  }),
  file: (draft) => ({ [WORDS.version.keep_it]: () => draft.adopt(), ...last(draft, WORDS.site.back) }),
  book: (draft) => ({
    [WORDS.version.use_mine]: () => aside(draft, true),
    [WORDS.version.keep_new]: () => aside(draft, false),
  }),
  tab: (draft) => ({ [WORDS.version.keep_it]: () => {}, ...last(draft, WORDS.site.back) }),
  clash: (draft) => ({ [WORDS.version.keep_this]: () => {}, ...last(draft, WORDS.version.use_other) }),
  before: (draft) => ({ ...all(draft), [WORDS.version.leave]: () => {} }),
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
      fill(WORDS.version.listed, {
        place: place + 1,
        by,
        line: visible(value.text.trim().split("\n", 1)[0].slice(0, LETTERS)),
      }),
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
  store.shelve(key, WORDS.version.by_book, version);
  draft.past();
}
