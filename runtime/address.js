/**
 * An instrument's state in an address: `#inst-NAME?kernel=blur&size=5`, without the fields that have their first value.
 * Only reads and writes addresses.
 */

/** @import {State} from "./controls.js" */

/**
 * @param {string} anchor id of the instrument
 * @param {State} values the fields that differ from the first picture
 * @returns {string} a fragment, with its "#"
 */
export function addressOf(anchor, values) {
  const fields = Object.entries(values).map(([field, value]) => [
    field,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const query = new URLSearchParams(fields).toString();
  return `#${anchor}${query && `?${query}`}`;
}

/**
 * @param {string} fragment of the page's address, with its "#"
 * @returns {{anchor: string, values: State} | null} null if it carries no state
 */
export function stateIn(fragment) {
  const found = /^#((?:inst|lab)-[^?]+)\?(.+)$/.exec(fragment);
  if (!found) return null;
  const fields = [...new URLSearchParams(found[2])].map(([field, value]) => [field, listIn(value) ?? value]);
  return { anchor: found[1] ?? "", values: Object.fromEntries(fields) };
}

/** @param {string} value */
function listIn(value) {
  try {
    return value.startsWith("[") ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}
