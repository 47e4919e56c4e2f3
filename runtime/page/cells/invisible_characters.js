/**
 * What a reader would not see in a code as it is: marks for the eye, and a sentence. Changes no code.
 */

import { counted, figures } from "../../engine/numbers.js";
import { fill } from "../../engine/words.js";

/** Controls that reorder text; the rest of what is not seen; spaces that look like the usual one; long gaps. */
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const LEFTWARD = /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}]/u;
const SPACE = /[^\P{Z} ]/u;
const GAP = /[ \t]{40,}|(?: {0,3}\t){10,} */u;
/** What an emoji is made of is no trick: a joiner, and one selector and one colour right behind a picture. */
const EMOJI =
  /\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?(?:\u200d\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)*/u;
/** What is not there for the eye, the filler of Khitan and the empty note among it; marks piled on one letter. */
const ODD = /[^\P{C}\n\t]|[^\P{Z} ]|\p{DI}|[\u2800\u{16fe4}\u{1d159}]|\p{Me}|\p{M}{5,}/u;
/** Whatever gets a mark; emoji are found first so that they get none. */
export const MARKED = new RegExp(`${EMOJI.source}|${GAP.source}|${ODD.source}`, "gu");

/** Characters of a line, and empty lines in a row, after which the sentence speaks of them. */
export const LONG = 200;
const EMPTY = /(?:\n[ \t]*){30,}/gu;
/** Characters a mark stands for that are looked at: a text of marks only would freeze the page. */
const MOST = 2000;

/**
 * @param {string} found a match of MARKED
 * @returns {string} what is shown instead, or an empty text
 */
export function markOf(found) {
  if (GAP.test(found)) return `⟨${fill(WORDS.unseen.spaces, { count: figures(found.length) })}⟩`;
  return ODD.test(found) && !/^\p{Extended_Pictographic}/u.test(found) ? `⟨${name(found)}⟩` : "";
}

/**
 * Show a text with marks.
 * @param {HTMLElement} place
 * @param {string} text
 */
export function mark(place, text) {
  place.replaceChildren();
  let from = 0;
  let many = 0;
  for (const found of text.matchAll(MARKED)) {
    const words = markOf(found[0]);
    if (!words) continue;
    const shown = ++many < MOST ? marker(words) : "�";
    place.append(text.slice(from, found.index), shown);
    from = found.index + found[0].length;
  }
  place.append(text.slice(from));
  Object.assign(place.style, { whiteSpace: "pre-wrap", overflowWrap: "anywhere" });
}

/** @param {string} words */
export function marker(words) {
  return Object.assign(document.createElement("mark"), { textContent: words });
}

/**
 * The text with marks, as a text.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(MARKED, (found) => markOf(found) || found);
}

/** @param {string} text */
export function longest(text) {
  return text.split("\n").reduce((most, { length }) => Math.max(most, length), 0);
}

/**
 * What is in a text that is not seen as it is.
 * @param {string} text
 * @returns {string} a sentence for each kind, or an empty text
 */
export function described(text) {
  const found = [...text.matchAll(MARKED)].map(([one]) => one).filter(markOf);
  const gaps = found.filter((one) => GAP.test(one));
  const rest = found.filter((one) => !GAP.test(one));
  const reordering = rest.filter((one) => REORDERING.test(one));
  const spaces = rest.filter((one) => SPACE.test(one));
  const invisible = rest.filter((one) => !REORDERING.test(one) && !SPACE.test(one));
  const lines = text.split("\n").filter((line) => line.length > LONG).length;
  const empty = [...text.matchAll(EMPTY)].reduce((most, [one]) => Math.max(most, one.split("\n").length - 1), 0);
  return [
    contained(WORDS.unseen.reordering.one, WORDS.unseen.reordering.other, reordering),
    contained(WORDS.unseen.invisible.one, WORDS.unseen.invisible.other, invisible),
    contained(WORDS.unseen.unusual.one, WORDS.unseen.unusual.other, spaces),
    LEFTWARD.test(text) && WORDS.unseen.leftward,
    gaps.length && counted(WORDS.unseen.gaps.one, WORDS.unseen.gaps.other, gaps.length, {}),
    lines && counted(WORDS.unseen.long_lines.one, WORDS.unseen.long_lines.other, lines, {}),
    empty && fill(WORDS.unseen.empty_lines, { count: figures(empty) }),
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * @template {string} T
 * @param {T} one
 * @param {T} other
 * @param {string[]} found
 */
function contained(one, other, found) {
  if (!found.length) return "";
  const marks = [...new Set(found.map(markOf))].slice(0, 4).join(" ");
  return counted(one, other, found.length, /** @type {any} */ ({ marks }));
}

/** @param {string} character */
function name(character) {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
