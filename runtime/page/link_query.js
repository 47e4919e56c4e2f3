/**
 * The question in a fragment, `#ANCHOR?QUERY`. Those that came through mail and chat are read, too: with `?` and `=` in
 * percent signs.
 */

/**
 * What stands before and after the question mark.
 * @param {string} fragment with its "#"
 * @returns {{anchor: string, query: string} | null}
 */
export function questionIn(fragment) {
  const mended = fragment.includes("?") ? fragment : decoded(fragment);
  const found = /^#([^?]+)\?(.+)$/s.exec(mended);
  if (!found) return null;
  const [, anchor = "", query = ""] = found;
  const plain = (query.includes("=") ? query : decoded(query)).replaceAll("&amp;", "&");
  return { anchor: decoded(anchor), query: plain };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
