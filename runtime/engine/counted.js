/** Words that depend on how many there are. Few scripts count, so that it is no part of `words.js`. */

import { figures, fill } from "./words.js";

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
