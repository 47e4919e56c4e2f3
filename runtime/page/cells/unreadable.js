/** Code of others that nobody could read, whatever is marked: it is refused, because showing it would freeze the page. */

/** Characters of a line, and characters in all that are not seen. */
const [LONGEST_LINE, MOST_UNSEEN] = [5000, 1000];
const UNSEEN = /[^\P{C}\n\t]|\p{DI}/gu;

/**
 * @param {string} code
 * @returns {string} why it is refused, or an empty text
 */
export function unreadable(code) {
  if (code.split("\n").some((line) => line.length > LONGEST_LINE))
    return "The code in this link is not shown: it has lines of more than 5,000 characters.";
  let unseen = 0;
  for (const _ of code.matchAll(UNSEEN))
    if (++unseen > MOST_UNSEEN)
      return "The code in this link is not shown: it has over 1,000 characters that cannot be seen.";
  return "";
}
