/**
 * The page's own words with values in their braces. WORDS and LANGUAGE stand for the catalogue of the page's language: the
 * build puts each word itself in their place, so that a script carries no other than those it says.
 */

/**
 * What stands in the braces of a text.
 * @template {string} T
 * @typedef {T extends `${string}{${infer Name}}${infer Rest}` ? Name | Braces<Rest> : never} Braces
 */

/**
 * @template {string} T
 * @param {T} words
 * @param {Record<Braces<T>, string | number>} values
 * @returns {string}
 */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, /** @type {Braces<T>} */ name) => /** @type {string} */ (values[name]));
}

/**
 * What stands above a block as it is called within a sentence: `cell 2.1`, but `Zelle 2.1` in German.
 * @param {string} label
 */
export function within(label) {
  const small = label.toLowerCase();
  return WORDS.language.nouns === "capital" ? small.charAt(0).toUpperCase() + small.slice(1) : small;
}

/**
 * What is under way.
 * @param {string} what
 * @param {number | null} share of the bytes, null where it cannot be told
 */
export function progress(what, share) {
  if (share === null) return fill(WORDS.python.wait, { what });
  return fill(WORDS.python.share, { what, percent: Math.floor(share * 100) });
}
