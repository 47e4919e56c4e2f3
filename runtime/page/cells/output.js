/**
 * Shows what a cell printed and how it failed. Text enters the page through text nodes only; none is held, because a
 * translator of pages puts others in their places.
 */

import { broken } from "./long_lines.js";

/** @import {Printed} from "../../engine/protocol.js" */

/** Milliseconds that printed text waits for more: shown line by line, it would move all that follows at each line. */
const GATHERING = 50;

export class Output {
  #pre;
  #original;
  #head = document.createElement("span");
  #hidden = document.createElement("span");
  #tail = document.createElement("span");
  /** @type {HTMLElement | null} */
  #error = null;
  #fresh = true;
  /** What is not shown yet. @type {Printed[]} */
  #gathered = [];
  #timer = 0;
  /** Characters in the last line of the head. */
  #column = 0;

  /** @param {HTMLElement} pre holds the output printed by the build */
  constructor(pre) {
    this.#pre = pre;
    this.#original = pre.textContent ?? "";
    this.#hidden.className = "output-hidden";
  }

  /** The next text replaces the present one, which stays until then so that the page does not jump; an error does not. */
  begin() {
    this.#fresh = true;
    this.#pardon();
  }

  #pardon() {
    this.#error?.remove();
    this.#error = null;
  }

  /** @param {Printed} printed */
  print(printed) {
    if (this.#gathered.push(printed) === 1) this.#timer = setTimeout(() => this.#show(), GATHERING);
  }

  #show() {
    clearTimeout(this.#timer);
    const gathered = this.#gathered.splice(0);
    const last = gathered.at(-1);
    if (last) this.#append({ ...last, added: gathered.map(({ added }) => added).join("") });
  }

  /** @param {Printed} printed */
  #append({ added, tail, lines, characters }) {
    this.#start();
    const { text, column } = broken(added, this.#column);
    this.#column = column;
    this.#head.append(text);
    this.#tail.textContent = broken(tail).text;
    if (!characters) return;
    const missing = lines ? `${lines.toLocaleString("en")} lines` : `${characters.toLocaleString("en")} characters`;
    this.#hidden.textContent = `… ${missing} not shown …`;
    this.#tail.before(this.#hidden);
  }

  /** The run is over: without any text the output is empty. */
  end() {
    this.#show();
    this.#start();
  }

  /** Back to what the build printed. */
  restore() {
    this.#show();
    this.#pardon();
    this.#pre.textContent = this.#original;
    this.#fresh = true;
  }

  #start() {
    if (!this.#fresh) return;
    this.#fresh = false;
    this.#pardon();
    this.#head.textContent = this.#tail.textContent = "";
    this.#column = 0;
    this.#pre.replaceChildren(this.#head, this.#tail);
  }

  /**
   * @param {{message: string, hint?: string, traceback?: string}} failure
   */
  fail({ message, hint, traceback }) {
    this.end();
    const box = element("div", "cell-error");
    box.setAttribute("role", "alert");
    box.append(element("p", "error-message", message));
    if (hint) box.append(element("p", "error-hint", hint));
    if (traceback) {
      const trace = element("details", "error-trace");
      trace.append(element("summary", "", "Traceback"), element("pre", "", traceback));
      box.append(trace);
    }
    this.#error = box;
    this.#pre.after(box);
  }
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = broken(text).text;
  return made;
}
