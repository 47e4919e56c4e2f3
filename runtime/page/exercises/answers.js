/**
 * Whether what a reader typed or chose is the answer. Understands numbers as people write them; bad input is never an
 * answer. The page and `grade` both judge here.
 */

/** Relative difference below which two numbers count as equal. */
const CLOSE = 1e-9;

/**
 * What is expected: `answer` is a number, "true" or "false", the places of right choices, or accepted words by lines.
 * `tolerance` is the largest difference of a right number; without one the digits say it. `unit` stands beside the field.
 * @typedef {{answer: string, kind?: string, tolerance?: string, unit?: string}} Expected
 */

/**
 * Why an answer is unclear or wrong; the page says it in words.
 * @typedef {"choose_statement" | "choose" | "type_answer" | "type_number" | "unreadable"} Unclear
 * @typedef {"is_true" | "is_false" | "another_choice" | "other_choices" | "not_it"} Wrong
 * @typedef {{result: "right"} | {result: "wrong", why: Wrong} | {result: "unclear", why: Unclear}} Verdict
 */

/**
 * @param {string} typed places of choices have spaces between
 * @param {Expected} expected
 * @returns {Verdict}
 */
export function judge(typed, { answer, kind = "number", tolerance, unit }) {
  if (kind === "statement") {
    if (!typed) return unclear("choose_statement");
    return verdictOn(typed === answer, answer === "true" ? "is_true" : "is_false");
  }
  if (kind === "choice" || kind === "choices") {
    if (!typed) return unclear("choose");
    return verdictOn(typed === answer, kind === "choice" ? "another_choice" : "other_choices");
  }
  if (!typed.trim()) return unclear(kind === "text" ? "type_answer" : "type_number");
  if (kind === "text") {
    return verdictOn(
      answer.split("\n").some((word) => same(word, typed)),
      "not_it",
    );
  }
  const values = readings(typed, unit);
  if (!values.length) return unclear("unreadable");
  const right = values.some((value) => isClose(value, answer, tolerance));
  return verdictOn(right, "not_it");
}

/** @param {Unclear} why @returns {Verdict} */
function unclear(why) {
  return { result: "unclear", why };
}

/** @param {boolean} right @param {Wrong} why @returns {Verdict} */
function verdictOn(right, why) {
  return right ? { result: "right" } : { result: "wrong", why };
}

/** English, French, German, Spanish: what stands before a noun and does not change which one it is. */
const ARTICLE = /^((an?|the|l[ae]s?|une?|des|de[rmn]|die|das|ein(e[rmns]?)?|el|los|una) |l['’])/;

/**
 * Whether two short texts say the same, whatever their capitals, hyphens, articles and full stops.
 * @param {string} one
 * @param {string} other
 */
export function same(one, other) {
  const [a, b] = [one, other].map((text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\-\u2010-\u2014_]+/g, " ")
      .replace(/["“”]|^ +|[. ]+$/g, "")
      .replace(ARTICLE, "")
      .replace(/['‘’]/g, ""),
  );
  return a === b;
}

/**
 * Whether a number is near enough to one that is given in digits: by the tolerance, or else to half a unit of the last
 * digit behind the point.
 * @param {number} value
 * @param {string} given
 * @param {string} [tolerance]
 */
export function isClose(value, given, tolerance) {
  const digits = /^-?\d+\.(\d+)$/.exec(given)?.[1];
  const allowed = tolerance ? Number(tolerance) : digits ? 0.5 * 10 ** -digits.length : 0;
  return Math.abs(value - Number(given)) <= Math.max(allowed * (1 + CLOSE), CLOSE * Math.abs(Number(given)));
}

/**
 * The numbers a text can mean: "1,024" is 1024 to some readers and 1.024 to others. Empty if it means none.
 * Fractions, powers of ten and per cent are understood; a word, such as a unit, may follow the number.
 * @param {string} typed
 * @param {string} [unit] what stands beside the field; where it is %, typing it changes nothing
 */
export function readings(typed, unit) {
  const text = typed
    .replace(/(?<=\d)(?=[¼-¾⅐-⅞])/g, " ")
    .replace(/[⁰¹²³⁴-⁹⁺⁻]+/g, "^$&")
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/\*\*/g, "^");
  const number = text
    .replace(/\s*(%|per ?cent)$/, "")
    .replace(/(?<=\d)\s*\p{L}+[.]?(\^\d)?$/u, "")
    .replace(/(?<=\d)[\s_'’](?=\d{3}(?!\d))/g, "")
    .replace(/(^|(?<=\d)\s*[×x·⋅*]\s*)10\^([+-]?\d+)$/, (_, times, power) => `${times ? "" : 1}e${power}`);
  const hundredth = unit !== "%" && /(%|per ?cent)$/.test(text) ? 100 : 1;
  const [above = "", below = "1", ...more] = number.split(/\s*[/⁄÷]\s*/);
  if (more.length) return [];
  const values = plain(above).flatMap((a) => plain(below).map((b) => a / b / hundredth));
  return [...new Set(values.filter(Number.isFinite))];
}

/** @param {string} text one number in digits */
function plain(text) {
  const candidates = [text, text.replace(",", ".")];
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(text)) candidates.push(text.replaceAll(",", ""));
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+(,|$)/.test(text)) candidates.push(text.replaceAll(".", "").replace(",", "."));
  return candidates.filter((each) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(each)).map(Number);
}
