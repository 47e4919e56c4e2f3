/**
 * The code of a cell as the reader sees it: static until the reader turns to it, an editor from then on.
 * Knows nothing of running or keeping.
 */

import { fill } from "../../engine/words.js";
import { fingerprint } from "../storage/store.js";

/** @import {Editor} from "./editor.js" */

/** A place in the window. @typedef {{x: number, y: number}} Point */
/** @typedef {() => Promise<typeof import("./editor.js")>} LoadEditor */

/** @typedef {{label: string, load: LoadEditor, onChange: () => void, onRun: () => void, onPaste: (words: string, undo: () => void) => void, onTrouble: (part: string) => void}} Surroundings */

export class Code {
  #place;
  #around;
  #text;
  /** @type {Point | null} */
  #pointed = null;
  /** @type {Promise<Editor> | null} */
  #editor = null;
  /** What the build put there. */
  original;

  /**
   * @param {HTMLElement} place holds a `<pre><code>`
   * @param {Surroundings} around
   */
  constructor(place, around) {
    this.#place = place;
    this.#around = around;
    this.original = this.#text = place.textContent ?? "";
    place.addEventListener("click", (event) => {
      if (!this.#editor && getSelection()?.isCollapsed) this.#edit({ x: event.clientX, y: event.clientY });
    });
    place.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement && target.matches("pre:focus-visible")) this.#edit(null);
    });
    place.addEventListener("pointerenter", () => around.load().catch(() => {}), { once: true });
  }

  /** Marks the code that the build put there: another book has another. */
  get edition() {
    return fingerprint(this.original);
  }

  get text() {
    return this.#text;
  }

  /**
   * Show other code; `onChange` is not called.
   * @param {string} text
   */
  set text(text) {
    this.#text = text = `${text.replace(/\r\n?/g, "\n").replace(/\n$/, "")}\n`; // as the editor has it
    if (this.#editor) this.#editor.then((editor) => editor.text === text || editor.replace(text));
    else this.#static(text);
  }

  /** @param {number} line counted from 1 */
  async mark(line) {
    (await this.#open())?.mark(line);
  }

  /** @param {string} text */
  #static(text) {
    const code = this.#place.querySelector("code");
    if (code && code.textContent !== text) code.textContent = text;
  }

  /** @param {Point | null} at where the reader pointed */
  #edit(at) {
    this.#pointed = at;
    this.#open();
  }

  /** @returns {Promise<Editor | null>} null where the editor could not be loaded */
  async #open() {
    this.#editor ??= this.#around.load().then(({ Editor }) => this.#mount(Editor));
    try {
      return await this.#editor;
    } catch {
      this.#editor = null;
      this.#around.onTrouble(WORDS.part.editor);
      return null;
    }
  }

  /** @param {typeof import("./editor.js").Editor} Editor */
  #mount(Editor) {
    const { label, onRun, onChange } = this.#around;
    const held = this.#place.contains(document.activeElement);
    this.#place.replaceChildren();
    this.#place.classList.add("is-live");
    const editor = new Editor({
      parent: this.#place,
      text: this.#text,
      original: this.original,
      label: fill(WORDS.cell.code_of, { cell: label }),
      onRun,
      onPaste: (words, undo) => this.#around.onPaste(words, undo),
      onChange: (text) => {
        if (text === this.#text) return; // set from here, not typed
        this.#text = text;
        onChange();
      },
    });
    if (held) editor.focus(this.#pointed); // unless the reader has gone on while it was loading
    return editor;
  }
}
