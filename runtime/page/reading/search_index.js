/**
 * Finds places of the book by words: in another form than the reader's, with a letter wrong, or only begun. Knows
 * nothing of the page.
 */

import MiniSearch from "minisearch";
import { stemmer } from "stemmer";

/** @import {Query} from "minisearch" */

/** Where it stands, what it is called, its title, its text. @typedef {[string, string, string, string]} Entry */
/** An entry, and which words of the index led to it. @typedef {{entry: Entry, terms: Set<string>}} Hit */

/** Letters and digits; a number keeps its point, so that "2.3" and "linalg.norm" are one word each. */
const WORD = /[\p{L}\p{N}\p{M}_]+(?:[.][\p{L}\p{N}\p{M}_]+)*/gu;
/** A name, such as EQ N2.3, weighs more than a title, a title more than text. */
const BOOST = { name: 32, title: 8 };
/** Letters of a word for each that may be wrong, missing or too many; two exchanged count as two. */
const LETTERS_PER_SLIP = 3;

/** @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} word */
const slips = (word) => (/\d/.test(word) ? 0 : Math.min(2, Math.floor(word.length / LETTERS_PER_SLIP)));

/**
 * As it is written, and the stem it shares with its other forms.
 * @param {string} word
 */
function forms(word) {
  const whole = folded(word);
  return [...new Set([whole, stemmer(whole)])];
}

/**
 * What a word of the book is found by: of a name with points, such as numpy.linalg.norm, also its parts and its ends.
 * @param {string} word
 */
function terms(word) {
  const names = word.split(".");
  return [...new Set([...names, ...names.map((_, at) => names.slice(at).join("."))].flatMap(forms))];
}

/**
 * @param {Entry[]} entries
 * @returns {(words: string) => Hit[]} gives the entries that hold every word, best first; where none does, the nearest
 */
export function indexOf(entries) {
  const index = new MiniSearch({
    fields: ["name", "title", "text"],
    tokenize: (text) => text.match(WORD) ?? [],
    processTerm: terms,
    searchOptions: {
      boost: BOOST,
      prefix: true,
      processTerm: (word) => word,
    },
  });
  index.addAll(entries.map(([, name, title, text], id) => ({ id, name, title, text })));
  return (words) => {
    /** @type {Query[]} */
    const wanted = (words.match(WORD) ?? []).map((word) => ({ combineWith: "OR", queries: forms(word) }));
    /** @type {Query} */
    const query = { combineWith: "AND", queries: wanted };
    const exact = index.search(query);
    const hits = exact.length ? exact : index.search(query, { fuzzy: slips });
    return hits.flatMap(({ id, terms }) => {
      const entry = entries[id];
      return entry ? [{ entry, terms: new Set(terms) }] : [];
    });
  };
}

/**
 * A text cut where words that led to it begin and end: every other piece is one.
 * @param {string} text
 * @param {Set<string>} found
 * @returns {string[]}
 */
export function marked(text, found) {
  const pieces = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!terms(word).some((term) => found.has(term))) continue;
    pieces.push(text.slice(end, index), word);
    end = index + word.length;
  }
  return [...pieces, text.slice(end)];
}
