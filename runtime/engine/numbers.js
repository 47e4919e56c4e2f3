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

/**
 * A whole number with the signs of the language between its digits.
 * @param {number} value
 */
export function figures(value) {
  return value.toLocaleString(LANGUAGE, { maximumFractionDigits: 0 });
}
