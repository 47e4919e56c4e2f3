/**
 * An instrument's state in an address: `#inst-NAME?kernel=blur&size=5`, without the fields that have their first value.
 * Only reads and writes addresses; what writing puts behind one, a full stop or a bracket, is left out.
 */

/** @import {State} from "./controls.js" */

/** Characters of a state in an address. */
const LONGEST = 20_000;
/** What writing puts behind an address; a state's own brackets are written in percent signs. */
const TAIL = /(?:[.,;:!?'")>}]|%(?:2[0279C]|3[BE]|E2%80%9[9D]))+$/i;

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
 * @param {string} query of a fragment
 * @returns {State | null} null if it is too long
 */
export function stateIn(query) {
  if (query.length > LONGEST) return null;
  const bare = /\(|%28/.test(query) ? query : query.replace(TAIL, "");
  return Object.fromEntries([...new URLSearchParams(bare)].map(([field, value]) => [field, listIn(value) ?? value]));
}

/** @param {string} value */
function listIn(value) {
  try {
    return value.startsWith("[") ? JSON.parse(value) : null;
  } catch {
    return null;
  }
}
