/**
 * An exercise: reads what the reader typed, says at once whether it is right, opens the explanation.
 * Understands numbers as people write them. Bad input is never an answer and never lost.
 */

/** @import {Store} from "./store.js" */

/** Relative difference below which two numbers count as equal. */
const CLOSE = 1e-9;

/**
 * @param {HTMLElement} section
 * @param {Store} store
 */
export function exercise(section, store) {
  const form = section.querySelector("form[data-answer-form]");
  const verdict = section.querySelector("[data-verdict]");
  if (!(form instanceof HTMLFormElement) || !(verdict instanceof HTMLElement)) return;
  const key = `answer ${section.dataset.exercise}`;
  const check = () => {
    const typed = String(new FormData(form).get("answer") ?? "");
    const { answer, unit } = section.dataset;
    const judged = answer === undefined ? kept(typed) : judge(typed, answer, unit ?? "");
    verdict.dataset.result = judged.result;
    verdict.textContent = judged.words;
    if (judged.result !== "unclear") section.querySelector("details[data-explanation]")?.setAttribute("open", "");
    store.put(key, typed || undefined);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
  });
  const earlier = store.get(key);
  if (typeof earlier === "string") fill(form, earlier, check);
}

/**
 * Bring an earlier answer back, with its verdict.
 * @param {HTMLFormElement} form
 * @param {string} typed
 * @param {() => void} check
 */
function fill(form, typed, check) {
  const field = form.elements.namedItem("answer");
  if (field instanceof HTMLInputElement || field instanceof RadioNodeList) {
    field.value = typed;
    check();
  }
}

/**
 * @param {string} typed
 * @param {string} answer "true", "false" or a number
 * @param {string} unit
 * @returns {{result: "right" | "wrong" | "unclear", words: string}}
 */
export function judge(typed, answer, unit) {
  if (answer === "true" || answer === "false") {
    if (!typed) return { result: "unclear", words: "Choose true or false first." };
    return verdictOn(typed === answer, `the statement is ${answer}`);
  }
  const values = readings(typed, unit);
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
 * What to say where the page does not know the answer: whoever teaches with it checks the reader's file.
 * @param {string} typed
 */
function kept(typed) {
  return typed
    ? { result: "kept", words: "Kept, unchecked. “Save to a file”, at the end of the page, hands it in." }
    : { result: "unclear", words: "Answer first." };
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
 * @param {string} typed
 * @param {string} unit may follow the number, as may any word
 */
export function readings(typed, unit) {
  let text = typed.normalize("NFKC").trim().toLowerCase();
  if (unit && text.endsWith(unit.toLowerCase())) text = text.slice(0, -unit.length);
  text = text
    .replace(/(?<=\d)\s*\p{L}+[.]?$/u, "")
    .replace(/(?<=\d)[\s_'’](?=\d{3}(?!\d))/g, "")
    .replace(/[\u2212\u2013]/g, "-");
  const candidates = [text, text.replace(",", ".")];
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(text)) candidates.push(text.replaceAll(",", ""));
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+(,|$)/.test(text)) candidates.push(text.replaceAll(".", "").replace(",", "."));
  return [...new Set(candidates.filter((each) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(each)).map(Number))];
}
