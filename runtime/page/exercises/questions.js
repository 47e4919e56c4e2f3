/**
 * Questions that a reader answers before seeing what happens. A choice, or a number, is kept and never scored; it opens
 * what stands behind the question.
 */

import { readings } from "./answers.js";

/** @import {Store} from "../storage/store.js" */

export class Questions {
  #page;
  #store;

  /**
   * @param {HTMLElement} page
   * @param {Store} store
   */
  constructor(page, store) {
    this.#page = page;
    this.#store = store;
    for (const question of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-question]"))) {
      store.watch(key(question), (news) => news !== "clash" && this.#show(question));
      this.#show(question);
    }
  }

  /**
   * A reader has opened a reply: of a choice, or the one to numbers.
   * @param {HTMLElement} question
   * @param {HTMLElement} reply
   */
  opened(question, reply) {
    if (question.querySelector("form")) return this.#reveal(question);
    this.#keep(question, replies(question).indexOf(reply));
  }

  /**
   * A reader has typed a number.
   * @param {HTMLElement} question
   */
  typed(question) {
    const field = question.querySelector("input");
    const status = question.querySelector("[role=status]");
    if (!field || !status) return;
    const clear = readings(field.value, unit(question)).length > 0;
    status.textContent = clear ? "" : WORDS.question.number_first;
    if (clear) this.#keep(question, field.value);
  }

  /**
   * The first guess stays; what it opens, opens.
   * @param {HTMLElement} question
   * @param {number | string} guess
   */
  #keep(question, guess) {
    if (this.#store.get(key(question)) === undefined) this.#store.put(key(question), guess);
    this.#show(question);
  }

  /**
   * What was guessed before, or nothing.
   * @param {HTMLElement} question
   */
  #show(question) {
    const guess = this.#store.get(key(question));
    for (const [n, reply] of replies(question).entries()) show(reply, n === guess);
    const form = question.querySelector("form");
    if (form) sides(question, form, typeof guess === "string" ? guess : "");
    if (guess === undefined) return;
    const own = replies(question)[form ? 0 : Number(guess)];
    if (!question.querySelector("details[open]")) own?.setAttribute("open", "");
    this.#reveal(question);
  }

  /** @param {HTMLElement} question */
  #reveal({ dataset }) {
    for (const behind of this.#page.querySelectorAll(`[data-after="${dataset.question}"]`))
      behind.setAttribute("open", "");
  }
}

/**
 * The style sheet shows the words behind a reply's answer.
 * @param {HTMLElement} reply
 * @param {boolean} guessed
 */
function show(reply, guessed) {
  reply.toggleAttribute("data-guessed", guessed);
  reply.querySelector("summary")?.setAttribute("data-words", WORDS.question.yours);
}

/** @param {HTMLElement} question */
const key = ({ dataset }) => `guess ${dataset.question}`;

/** @param {HTMLElement} question */
const unit = (question) => question.querySelector(".answer-unit")?.textContent ?? "";

/** @param {HTMLElement} question */
const replies = (question) => /** @type {HTMLElement[]} */ ([...question.querySelectorAll("details")]);

/**
 * Of the replies to a number, only the one to the number that was typed; all of them where there is none.
 * @param {HTMLElement} question
 * @param {HTMLFormElement} form
 * @param {string} typed
 */
function sides(question, form, typed) {
  const field = form.querySelector("input");
  if (field && typed) field.value = typed;
  const [far] = readings(typed, unit(question)).map((value) => value - Number(form.dataset.guess));
  const near = Math.abs(far ?? 0) <= Number(form.dataset.near);
  const side = far === undefined ? "" : near ? "close" : far < 0 ? "low" : "high";
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (question.querySelectorAll("[data-side]")))
    each.hidden = side !== "" && each.dataset.side !== side;
}
