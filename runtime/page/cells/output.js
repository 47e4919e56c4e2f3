/**
 * Shows what a cell put out and how it failed. Text enters the page through text nodes only; none is held, because a
 * translator of pages puts others in their places. Pictures are drawn by a file that comes with the first.
 */

import { counted } from "../../engine/numbers.js";
import { part } from "../missing_parts.js";
import { element } from "./element.js";
import { broken } from "./long_lines.js";

/** @import {Picture, Printed} from "../../engine/protocol.js" */

/** Milliseconds that printed text waits for more: shown line by line, it would move all that follows at each line. */
const GATHERING = 50;

export class Output {
  #pre;
  /** What the build printed. */
  #original;
  #head = element("span", "");
  #hidden = element("span", "output-hidden");
  #tail = element("span", "");
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
    this.#original = pre.cloneNode(true);
    pre.addEventListener("click", (event) => enlarge(event));
  }

  /** The next output replaces the present one, which stays until then so that the page does not jump; an error does not. */
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
    if (this.#gathered.push(printed) === 1) this.#timer = setTimeout(() => this.#flush(), GATHERING);
  }

  #flush() {
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
    this.#hidden.textContent = lines
      ? counted(WORDS.cell.lines_hidden.one, WORDS.cell.lines_hidden.other, lines, {})
      : counted(WORDS.cell.characters_hidden.one, WORDS.cell.characters_hidden.other, characters, {});
    this.#tail.before(this.#hidden);
  }

  /**
   * Put a picture after the text so far; what is printed later comes after it.
   * @param {Picture} picture
   */
  show(picture) {
    this.#flush();
    this.#start();
    const place = document.createElement("span");
    this.#pre.append(place);
    this.#part();
    part(WORDS.part.picture, async () => place.replaceWith(await (await pictures()).drawn(picture)));
  }

  /** The run is over: without anything shown the output is empty. */
  end() {
    this.#flush();
    this.#start();
  }

  /** Back to what the build printed. */
  restore() {
    this.#flush();
    this.#pardon();
    this.#pre.replaceChildren(...this.#original.cloneNode(true).childNodes);
    this.#fresh = true;
  }

  #start() {
    if (!this.#fresh) return;
    this.#fresh = false;
    this.#pardon();
    this.#pre.replaceChildren();
    this.#part();
  }

  /** Text has a place of its own after each picture. */
  #part() {
    this.#column = 0;
    this.#head = element("span", "");
    this.#hidden = element("span", "output-hidden");
    this.#tail = element("span", "");
    this.#pre.append(this.#head, this.#tail);
  }

  /**
   * @param {{message: string, hint?: string, traceback?: string}} failure
   */
  fail({ message, hint, traceback }) {
    this.end();
    const box = element("div", "cell-error");
    box.setAttribute("role", "alert");
    const said = element("p", "error-message", message);
    said.translate = false; // it names what stands in the code
    box.append(said);
    if (hint) box.append(element("p", "error-hint", hint));
    if (traceback) {
      const trace = element("details", "error-trace");
      const lines = element("pre", "", traceback);
      lines.translate = false;
      trace.append(element("summary", "", WORDS.cell.traceback), lines);
      box.append(trace);
    }
    this.#error = box;
    this.#pre.after(box);
  }
}

function pictures() {
  return import("./pictures.js");
}

/** @param {MouseEvent} event */
async function enlarge(event) {
  const picture = event.target instanceof Element ? event.target.closest(".output-picture") : null;
  if (!picture || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await part(WORDS.part.large_picture, async () => (await pictures()).enlarge(picture));
}
