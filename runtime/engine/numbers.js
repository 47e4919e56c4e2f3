/** Numbers as the language of the page writes them, and words that depend on how many there are. Few scripts count. */

import { fill } from "./words.js";

/** @template {string} T @typedef {import("./words.js").Braces<T>} Braces */

/**
 * The form for so many, with their number as `count`.
 * @template {string} T
 * @param {T} one
 * @param {T} other
 * @param {number} count
 * @param {Record<Exclude<Braces<T>, "count">, string | number>} values
 * @returns {string}
 */
export function counted(one, other, count, values) {
  const words = new Intl.PluralRules(LANGUAGE).select(count) === "one" ? one : other;
  return fill(words, /** @type {Record<Braces<T>, string | number>} */ ({ ...values, count: figures(count) }));
}

/** A number with a separator, as Python writes it: 1,024 or 0.5. The build has the same, `press/text/languages/words.py`. */
const FIGURE = /(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?:e[+-]\d+)?(?!\w|[.,]\d)/g;

/**
 * A text whose numbers are as Python writes them, with the signs of the language between digits.
 * @param {string} text
 */
export function localised(text) {
  if (WORDS.language.decimal === ".") return text;
  const signs = /** @type {Record<string, string>} */ ({ ".": WORDS.language.decimal, ",": WORDS.language.thousands });
  return text.replace(FIGURE, (figure) => figure.replace(/[.,]/g, (sign) => signs[sign] ?? sign));
}

/**
 * A whole number with the signs of the language between its digits.
 * @param {number} value
 */
export function figures(value) {
  return value.toLocaleString(LANGUAGE, { maximumFractionDigits: 0 });
}
