/** Breaks lines that are too long to be laid out: a single one of mixed directions can freeze a page for seconds. */

/** Characters of a line. */
const MOST = 2000;

/**
 * @param {string} text
 * @param {number} [column] characters before it in its first line
 * @returns {{text: string, column: number}} the text, and the characters in its last line
 */
export function broken(text, column = 0) {
  /** @type {string[]} */
  const lines = [];
  for (const [place, line] of text.split("\n").entries()) {
    const start = place ? 0 : column;
    const first = Math.max(0, MOST - start);
    lines.push(line.slice(0, first));
    for (let at = first; at < line.length; at += MOST) lines.push(line.slice(at, at + MOST));
  }
  const last = lines.at(-1)?.length ?? 0;
  return { text: lines.join("\n"), column: lines.length > 1 ? last : column + last };
}
