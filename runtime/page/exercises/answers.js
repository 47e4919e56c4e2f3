/**
 * Whether what a reader typed is the answer. Understands numbers as people write them; bad input is never an answer.
 */

/** Relative difference below which two numbers count as equal. */
const CLOSE = 1e-9;

/**
 * @param {string} typed
 * @param {string} answer "true", "false" or a number
 * @returns {{result: "right" | "wrong" | "unclear", words: string}}
 */
export function judge(typed, answer) {
  if (answer === "true" || answer === "false") {
    if (!typed) return { result: "unclear", words: "Choose true or false first." };
    return verdictOn(typed === answer, `the statement is ${answer}`);
  }
  const values = readings(typed);
  if (!typed.trim()) return { result: "unclear", words: "Type a number first." };
  if (!values.length)
    return {
      result: "unclear",
      words: `“${typed.trim()}” is not a number I can read. Write digits, for example 1,024 or 0.5.`,
    };
  const right = values.some(
    (value) => Math.abs(value - Number(answer)) <= CLOSE * Math.max(1, Math.abs(Number(answer))),
  );
  return verdictOn(right, `${typed.trim()} is not it`);
}

/**
 * @param {boolean} right
 * @param {string} otherwise
 * @returns {{result: "right" | "wrong", words: string}}
 */
function verdictOn(right, otherwise) {
  return right
    ? { result: "right", words: "Right." }
    : { result: "wrong", words: `Not quite: ${otherwise}. The explanation below shows why.` };
}

/**
 * The numbers a text can mean: "1,024" is 1024 to some readers and 1.024 to others. Empty if it means none.
 * A word, such as a unit, or a sign for per cent may follow the number.
 * @param {string} typed
 */
export function readings(typed) {
  const text = typed
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)\s*(\p{L}+[.]?|%)$/u, "")
    .replace(/(?<=\d)[\s_'’](?=\d{3}(?!\d))/g, "")
    .replace(/[\u2212\u2013]/g, "-");
  const candidates = [text, text.replace(",", ".")];
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(text)) candidates.push(text.replaceAll(",", ""));
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+(,|$)/.test(text)) candidates.push(text.replaceAll(".", "").replace(",", "."));
  return [...new Set(candidates.filter((each) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(each)).map(Number))];
}
