/**
 * Code as it is copied from pages, notebooks and terminals -> code that Python can read. Changes only what cannot be
 * meant: nothing inside of a text in quotes, no line that may be code.
 */

/** @typedef {{text: string, did: string[]}} Cleaned */

const PROMPT = /^[ \t]*>>>(?: |$)/;
const CONTINUED = /^[ \t]*\.\.\.(?: |$)/;
const IN = /^[ \t]*In ?\[[\d *]*\]:[ \t]?/;
const IN_CONTINUED = /^[ \t]*\.{3,}:[ \t]?/;
const OUT = /^[ \t]*Out ?\[\d*\]:/;
const NUMBERED = /^[ \t]*(\d+)(?:[ \t]?\||[ \t]|$)(.*)$/;
/** A number in front of these is a part of the code. */
const OPERATOR = /^[ \t]*(?:[-+*/%@<>=!&|^,.:;)\]}]|(?:and|or|in|is|if|not|else|for)\b)/;
const INVISIBLE = /^(?:\p{Cf}|\p{DI})$/u;
const SPACE = /^[^\P{Zs} ]$/u;
const CURLY = /** @type {Record<string, string>} */ ({ "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'" });

/**
 * @param {string} pasted
 * @returns {Cleaned} `did` says in words what was changed
 */
export function cleaned(pasted) {
  /** @type {string[]} */
  const did = [];
  let text = pasted.replace(/\r\n?/g, "\n");
  for (const [words, step] of STEPS) {
    const next = step(text);
    if (next !== text) did.push(words);
    text = next;
  }
  return { text, did };
}

/** @type {[string, (text: string) => string][]} */
const STEPS = [
  [WORDS.cell.prompts, withoutPrompts],
  [WORDS.cell.line_numbers, withoutNumbers],
  [WORDS.cell.curly, (text) => outside(text, { quotes: true })],
  [WORDS.cell.spaces, (text) => outside(text, { spaces: true })],
];

/** @param {string} text */
function withoutPrompts(text) {
  const lines = text.split("\n");
  const first = lines.find((line) => line.trim()) ?? "";
  if (PROMPT.test(first)) return session(lines, PROMPT, CONTINUED);
  return IN.test(first) ? session(lines, IN, IN_CONTINUED) : text;
}

/**
 * What was typed in a session of an interpreter.
 * @param {string[]} lines
 * @param {RegExp} prompt
 * @param {RegExp} continued
 */
function session(lines, prompt, continued) {
  let typing = false;
  const notebook = prompt === IN;
  const typed = lines.flatMap((line) => {
    const sign = prompt.test(line) ? prompt : typing && continued.test(line) ? continued : null;
    if (sign) typing = true;
    else if (!notebook || OUT.test(line)) typing = false;
    if (sign) return [line.replace(sign, "")];
    return notebook && typing ? [line] : [];
  });
  return `${typed.join("\n").trimEnd()}\n`;
}

/** @param {string} text */
function withoutNumbers(text) {
  const lines = text.split("\n");
  const found = lines.filter((line) => line.trim()).map((line) => NUMBERED.exec(line));
  const rows = found.flatMap((match) => (match ? [{ at: Number(match[1]), code: match[2] ?? "" }] : []));
  const counting = rows.every(({ at }, place) => at === (rows[0]?.at ?? 0) + place);
  if (rows.length < 2 || rows.length < found.length || !counting) return text;
  if (rows.some(({ code }) => OPERATOR.test(code)) || rows.every(({ code }) => !code.trim())) return text;
  const codes = rows.map(({ code }) => code.trimEnd());
  const margins = codes.filter(Boolean).map((code) => code.length - code.trimStart().length);
  const margin = margins.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  return `${codes.map((code) => code.slice(margin)).join("\n")}\n`;
}

/**
 * Change characters that stand outside of texts in quotes, or as quotes.
 * @param {string} text
 * @param {{quotes?: boolean, spaces?: boolean}} what
 */
function outside(text, { quotes, spaces }) {
  let made = "";
  for (const [piece] of text.matchAll(TOKENS)) {
    const straight = CURLY[piece[0] ?? ""];
    if (straight && piece.length > 1) made += quotes ? requoted(piece, straight) : piece;
    else if (spaces && INVISIBLE.test(piece)) made += "";
    else made += spaces && SPACE.test(piece) ? " " : piece;
  }
  return made;
}

/** Texts in quotes of every kind, comments, and any other character. */
const TOKENS =
  /"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[“„](?:\\.|[^“”\\\n])*[“”]|[‘‚](?:\\.|[^‘’\\\n])*[‘’]|”[^“”\\\n]*”|’[^‘’\\\n]*’|#[^\n]*|./gsu;

/**
 * @param {string} piece a text in curly quotes
 * @param {string} quote
 */
function requoted(piece, quote) {
  const inner = piece.slice(1, -1);
  return inner.includes(quote) ? piece : quote + inner + quote;
}
