/**
 * What answers a reader's exercises: says at once whether an answer is right and which slip it shows, offers the
 * question with other numbers, checks a reader's code, remembers what is solved, and what is typed but not yet checked.
 * Bad input is never lost.
 */

import { fill } from "../../engine/words.js";
import { elements } from "../sanitizer.js";
import { isClose, judge, readings, same } from "./answers.js";

/** @import {Unclear, Verdict, Wrong} from "./answers.js" */
/** @import {Cell} from "../cells/cell.js" */
/** @import {Failure} from "../../engine/protocol.js" */
/** @import {Store} from "../storage/store.js" */

/** A version of an exercise: its markup, empty where there is one only; wrong answers and markup for each. @typedef {{html: string, slips: [string, string][]}} Variant */
/** By name: the versions of an exercise, or the Python that checks a task. @typedef {Record<string, Variant[] | string>} Kept */

export class Practice {
  #page;
  #store;
  #cells;
  /** @type {Kept | null} */
  #kept = null;
  #stale = false;

  /**
   * @param {HTMLElement} page
   * @param {Store} store
   * @param {Map<string, Cell>} cells
   */
  constructor(page, store, cells) {
    this.#page = page;
    this.#store = store;
    this.#cells = cells;
    this.#fetch();
    this.#keepEarlier();
    this.#remember();
    for (const { dataset } of this.#sections)
      for (const kind of ["answer", "typed", "solved", "variant"])
        store.watch(`${kind} ${dataset.exercise}`, (news) => news !== "clash" && this.#again());
  }

  /** Keep what was typed before this file came. */
  #keepEarlier() {
    for (const section of this.#sections)
      if (shownVariant(section) === this.#variant(section) && fields(section).some(touched)) this.typed(section);
  }

  /** @param {HTMLElement} section @returns {number} the version that the reader was at */
  #variant({ dataset }) {
    return this.#store.get(`variant ${dataset.exercise}`) ?? 0;
  }

  /** A file or another tab has written several entries. */
  #again() {
    if (this.#stale) return;
    this.#stale = true;
    queueMicrotask(() => {
      this.#stale = false;
      this.#remember();
    });
  }

  /** Bring back which version was shown, what was answered, what was typed since, and what is solved. */
  async #remember() {
    if (this.#sections.some((section) => this.#variant(section))) await this.#fetch();
    for (const section of this.#sections) {
      if (section.contains(document.activeElement)) continue; // the reader is at it
      const variant = this.#variant(section);
      const shown = shownVariant(section) === variant ? section : this.#show(section, variant);
      const [answer, typed] = ["answer", "typed"].map((kind) => this.#store.get(`${kind} ${shown.dataset.exercise}`));
      if (typeof answer === "string") await this.#answer(shown, answer);
      else if (shown.querySelector("form")) forget(shown);
      if (typeof typed === "string") {
        fillIn(shown, typed);
        say(shown, "", "");
      }
    }
    this.#count();
  }

  /** @returns {HTMLElement[]} */
  get #sections() {
    return [...this.#page.querySelectorAll("[data-exercise]")].filter((each) => each instanceof HTMLElement);
  }

  /** @returns {Promise<Kept>} what exercises keep back; nothing while it cannot be fetched */
  async #fetch() {
    const { practice } = this.#page.dataset;
    this.#kept ??= practice
      ? await fetch(practice)
          .then((file) => (file.ok ? file.json() : null))
          .catch(() => null) // not there, cut off, or something else's page
      : {};
    return this.#kept ?? {};
  }

  /**
   * Keep what is not checked yet.
   * @param {HTMLElement} section
   */
  typed(section) {
    const { exercise: name = "" } = section.dataset;
    const typed = typedInto(section);
    this.#store.put(`typed ${name}`, typed === (this.#store.get(`answer ${name}`) ?? "") ? undefined : typed);
  }

  /** @param {HTMLElement} section */
  async check(section) {
    const { exercise: name = "" } = section.dataset;
    const typed = typedInto(section);
    this.#store.put(`answer ${name}`, typed || undefined);
    this.#store.put(`typed ${name}`, undefined);
    await this.#judge(section, typed);
  }

  /**
   * @param {HTMLElement} section
   * @param {string} typed
   */
  async #judge(section, typed) {
    const { exercise: name = "", answer, variant = "0", kind } = section.dataset;
    if (answer === undefined) return say(section, ...unjudged(typed));
    const verdict = judge(typed, expected(section, answer));
    const { result } = verdict;
    const slips = result === "wrong" ? slipsIn((await this.#fetch())[name], Number(variant), typed, kind) : [];
    if (result === "right") this.#solve(section, { variant: Number(variant), answer: typed });
    if (slips.length) return say(section, result, WORDS.exercise.not_quite, slips);
    say(section, result, inWords(verdict, typed.trim()));
    if (result !== "unclear") unfold(section);
  }

  /**
   * The question with other numbers.
   * @param {HTMLElement} section
   */
  async another(section) {
    const { exercise: name = "", variant = "0" } = section.dataset;
    const versions = (await this.#fetch())[name];
    if (!Array.isArray(versions)) return say(section, "unclear", WORDS.exercise.no_versions);
    const next = (Number(variant) + 1) % versions.length;
    this.#store.put(`variant ${name}`, next || undefined);
    this.#store.put(`answer ${name}`, undefined);
    this.#store.put(`typed ${name}`, undefined);
    const shown = this.#show(section, next);
    this.#count();
    shown.querySelector("input")?.focus();
  }

  /**
   * Run a reader's code and what checks it.
   * @param {HTMLElement} section
   */
  async examine(section) {
    const { exercise: name = "" } = section.dataset;
    const check = (await this.#fetch())[name];
    if (typeof check !== "string") return say(section, "unclear", WORDS.exercise.no_check);
    say(section, "unclear", "");
    const cell = this.#cells.get(`ex-${name}`);
    const error = cell && (await verdict(cell, check));
    if (error === undefined) return; // stopped, or told by the cell
    if (typeof error === "string") return say(section, "unclear", error);
    if (error?.cell === "check") {
      const reason = error.message.replace("AssertionError: ", "");
      return say(section, "wrong", fill(WORDS.exercise.not_yet, { reason }));
    }
    if (error) return say(section, "wrong", WORDS.exercise.stops);
    say(section, "right", WORDS.exercise.passes);
    this.#solve(section, true);
    unfold(section);
  }

  /**
   * @param {HTMLElement} section
   * @param {number} variant
   */
  #show(section, variant) {
    const versions = this.#kept?.[section.dataset.exercise ?? ""];
    const html = Array.isArray(versions) ? versions[variant]?.html : "";
    if (!html) return section;
    const shown = elements(html, { form: true }).firstElementChild;
    if (!(shown instanceof HTMLElement)) return section;
    section.replaceWith(shown);
    return shown;
  }

  /**
   * Bring an earlier answer back, with its verdict.
   * @param {HTMLElement} section
   * @param {string} typed
   */
  async #answer(section, typed) {
    fillIn(section, typed);
    await this.#judge(section, typed);
  }

  /**
   * @param {HTMLElement} section
   * @param {true | {variant: number, answer: string}} how the answer may give way to other numbers; it stays good
   */
  #solve(section, how) {
    this.#store.put(`solved ${section.dataset.exercise}`, how);
    this.#count();
  }

  /** Mark the solved exercises, and say how many there are beside the reader's other work. */
  #count() {
    for (const mark of this.#page.querySelectorAll(".solved")) mark.remove();
    const solved = this.#sections.filter(({ dataset }) => this.#store.get(`solved ${dataset.exercise}`));
    for (const section of solved) {
      const head = section.querySelector(".block-head");
      if (head && !head.querySelector(".solved")) head.append(element("span", "solved mono", WORDS.exercise.solved));
    }
    const count = this.#page.querySelector("[data-solved]");
    if (count) count.textContent = String(solved.length);
  }
}

/**
 * Runs a cell, then its check where none of this code runs, on what was claimed of it.
 * @param {Cell} cell
 * @param {string} check
 * @returns {Promise<Failure | string | null | undefined>} how the code or the check failed; or why there is no verdict,
 *   undefined if the cell says so
 */
async function verdict(cell, check) {
  cell.judges.warm();
  const answer = await cell.run(check);
  if (!answer || (answer.error && answer.error.cell !== "check")) return answer?.error;
  const judged = await cell.judges.ask({ kind: "check", check, claims: String(answer.claims) }).outcome;
  if (judged.type === "answer") return judged.answer.error;
  return judged.type === "broken" ? judged.words : undefined;
}

/**
 * What to say where the page does not know the answer: whoever teaches with it checks the reader's file.
 * @param {string} typed
 * @returns {[string, string]} the result, and words
 */
function unjudged(typed) {
  return typed ? ["kept", WORDS.exercise.kept] : ["unclear", WORDS.exercise.answer_first];
}

/** @type {Record<Unclear | Wrong, string>} */
const WHY = {
  choose_statement: WORDS.exercise.choose_statement,
  choose: WORDS.exercise.choose,
  type_answer: WORDS.exercise.type_answer,
  type_number: WORDS.exercise.type_number,
  unreadable: WORDS.exercise.unreadable,
  is_true: WORDS.exercise.is_true,
  is_false: WORDS.exercise.is_false,
  another_choice: WORDS.exercise.another_choice,
  other_choices: WORDS.exercise.other_choices,
  not_it: WORDS.exercise.not_it,
};

/**
 * @param {Verdict} verdict
 * @param {string} answer as it was typed
 */
function inWords(verdict, answer) {
  if (verdict.result === "right") return WORDS.exercise.right;
  const reason = fill(/** @type {"{answer}"} */ (WHY[verdict.why]), { answer });
  return verdict.result === "unclear" ? reason : fill(WORDS.exercise.wrong, { reason });
}

/**
 * What the answer of an exercise is compared with.
 * @param {HTMLElement} section
 * @param {string} answer
 */
function expected(section, answer) {
  const { kind, tolerance } = section.dataset;
  return { answer, kind, tolerance, unit: section.querySelector(".answer-unit")?.textContent ?? "" };
}

/**
 * What is to be said of a wrong answer: the words of every slip that leads to it.
 * @param {Variant[] | string | undefined} versions
 * @param {number} variant
 * @param {string} typed
 * @param {string} [kind] of the answer; a number if it is not given
 */
function slipsIn(versions, variant, typed, kind) {
  const slips = Array.isArray(versions) ? (versions[variant]?.slips ?? []) : [];
  const values = kind ? [] : readings(typed);
  return slips
    .filter(([slip]) => slip === typed || values.some((value) => isClose(value, slip)) || (kind && same(slip, typed)))
    .map(([, html]) => html);
}

/**
 * @param {HTMLElement} section
 * @param {string} result
 * @param {string} words
 * @param {string[]} [slips] markup made by the build
 */
function say(section, result, words, slips = []) {
  const verdict = section.querySelector("[data-verdict]");
  if (!(verdict instanceof HTMLElement)) return;
  verdict.dataset.result = result;
  verdict.textContent = words;
  verdict.append(elements(slips.map((html) => ` ${html}`).join(WORDS.exercise.or)));
}

/**
 * @param {HTMLElement} section
 * @returns {HTMLInputElement[]}
 */
function fields(section) {
  return [...section.querySelectorAll("input[name=answer]")].filter((field) => field instanceof HTMLInputElement);
}

/** @param {HTMLElement} section */
function shownVariant({ dataset }) {
  return Number(dataset.variant ?? 0);
}

/** @param {HTMLInputElement} field */
function touched(field) {
  return field.type === "text" ? field.value !== field.defaultValue : field.checked !== field.defaultChecked;
}

/**
 * What stands in an exercise's fields; places of choices have spaces between.
 * @param {HTMLElement} section
 */
function typedInto(section) {
  const form = section.querySelector("form");
  return form ? new FormData(form).getAll("answer").join(" ") : "";
}

/**
 * @param {HTMLElement} section
 * @param {string} typed
 */
function fillIn(section, typed) {
  for (const field of fields(section)) {
    if (field.type === "text") field.value = typed;
    else field.checked = typed.split(" ").includes(field.value);
  }
}

/** @param {HTMLElement} section whose answer is forgotten */
function forget(section) {
  section.querySelector("form")?.reset();
  say(section, "", "");
}

/** @param {HTMLElement} section */
function unfold(section) {
  section.querySelector("details[data-explanation]")?.setAttribute("open", "");
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
