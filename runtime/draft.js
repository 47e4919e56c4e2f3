/**
 * The reader's own version of a cell's code: kept, brought back, offered beside what the author or a link changed.
 * Knows the code, the store and the notice of one cell; runs nothing.
 */

import { fingerprint } from "./store.js";

/** @import {Code} from "./code.js" */
/** @import {Notice} from "./notice.js" */
/** @import {Store} from "./store.js" */

export class Draft {
  #name;
  #code;
  #notice;
  #store;
  #onShow;
  /** How somebody else's code came here, until the cell is the book's again. @type {"link" | "file" | undefined} */
  from;

  /**
   * @param {string} name of the cell
   * @param {Code} code
   * @param {Notice} notice
   * @param {Store} store
   * @param {() => void} onShow called when other code is shown
   */
  constructor(name, code, notice, store, onShow) {
    this.#name = name;
    this.#code = code;
    this.#notice = notice;
    this.#store = store;
    this.#onShow = onShow;
  }

  /** Keep what is shown; what equals the book's code need not be kept. */
  keep() {
    const { text, original } = this.#code;
    if (text === original) this.from = undefined;
    this.#store.put(this.#key, text === original ? undefined : { of: fingerprint(original), text, from: this.from });
  }

  /** Show what was kept; if the book's code has changed since, put it aside and offer both. */
  remember() {
    const kept = this.#store.get(this.#key);
    if (typeof kept?.text === "string" && kept.of === fingerprint(this.#code.original)) {
      this.#show(kept.text, kept.from);
      return;
    }
    if (kept) {
      this.#store.put(this.#aside, kept);
      this.#store.put(this.#key, undefined);
    }
    const earlier = this.#store.get(this.#aside);
    if (typeof earlier?.text === "string") this.#offer(earlier);
  }

  /** @param {{text: string, from?: "link" | "file"}} earlier */
  #offer({ text, from }) {
    this.#notice.show("The book has changed this cell since you edited it. This is the new version.", {
      "Use mine": () => {
        this.#store.put(this.#aside, undefined);
        this.#adopt(text, from);
      },
      "Keep the new one": () => this.#store.put(this.#aside, undefined),
    });
  }

  /**
   * Show code that came with a link. It is not run, and not kept until the reader says so or changes it.
   * @param {string | null} text null: the link is damaged
   */
  visit(text) {
    if (text === null) return this.#notice.show("The link to this cell is damaged, so here is the cell as it was.");
    const [mine, from] = [this.#code.text, this.from];
    if (text === mine) return;
    this.#show(text, "link");
    this.#notice.show("This code came with the link you followed. It has not been run: read it first.", {
      "Keep it": () => this.#adopt(text, "link"),
      "Back to what was here": () => this.#show(mine, from),
    });
  }

  /**
   * @param {string} text
   * @param {"link" | "file" | undefined} from
   */
  #adopt(text, from) {
    this.#show(text, from);
    this.keep();
  }

  /**
   * @param {string} text
   * @param {"link" | "file" | undefined} from
   */
  #show(text, from) {
    this.from = text === this.#code.original ? undefined : from;
    this.#code.text = text;
    this.#onShow();
  }

  get #key() {
    return `cell ${this.#name}`;
  }

  get #aside() {
    return `earlier ${this.#name}`;
  }
}
