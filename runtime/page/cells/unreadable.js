/** Code of others that nobody could read, whatever is marked: it is refused, because showing it would freeze the page. */

import { figures } from "../../engine/numbers.js";
import { fill } from "../../engine/words.js";

/** Characters of a line, and characters in all that are not seen. */
const [LONGEST_LINE, MOST_UNSEEN] = [5000, 1000];
const UNSEEN = /[^\P{C}\n\t]|\p{DI}/gu;

/**
 * @param {string} code
 * @returns {string} why it is refused, or an empty text
 */
export function unreadable(code) {
  if (code.split("\n").some((line) => line.length > LONGEST_LINE))
    return fill(WORDS.code_link.long_lines, { count: figures(LONGEST_LINE) });
  let unseen = 0;
  for (const _ of code.matchAll(UNSEEN))
    if (++unseen > MOST_UNSEEN) return fill(WORDS.code_link.unseen, { count: figures(MOST_UNSEEN) });
  return "";
}
