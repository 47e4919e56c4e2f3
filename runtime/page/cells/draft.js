/**
 * Which code a cell shows: the book's, the reader's, or somebody's that came by a link or a file. What is replaced is
 * put beside. Knows the code and the store; runs nothing. What is said of it, and offered, is in `versions.js`. Loaded
 * when there is other code than the book's, or may soon be.
 */

import { mark } from "./invisible_characters.js";
import { offer, past } from "./versions.js";

/** @import {Code} from "./code.js" */
/** @import {Notice} from "./notice.js" */
/** @import {News, Store} from "../storage/store.js" */

/** A version of the code; `of` marks the book's code it was made from, `read` that foreign code has been run or taken over. @typedef {{of: string, text: string, from?: string, read?: boolean}} Version */

/** Milliseconds after a key in which no link takes the code away: whoever opened the page can change its address. */
const TYPING = 5000;

export class Draft {
  #bar;
  #onShow;
  #from = "";
  #read = false;
  /** Whether what is shown was typed here. */
  #typed = false;
  /** When the reader last typed. */
  #typedAt = 0;
  /** Whether what is shown came by a link and has not been taken over. */
  #visiting = false;
  /** @type {Notice | null} */
  notice = null;
  key;
  code;
  store;

  /**
   * @param {string} key of the cell in the store
   * @param {Code} code
   * @param {Store} store
   * @param {HTMLElement} bar of the cell's buttons
   * @param {() => void} onShow called when other code is shown
   */
  constructor(key, code, store, bar, onShow) {
    this.key = key;
    this.code = code;
    this.store = store;
    this.#bar = bar;
    this.#onShow = onShow;
    this.remember();
  }

  /** Whether what is shown came by a link or a file, and was not written by the reader or the book. */
  get foreign() {
    return this.#from !== "";
  }

  /** Whether a link's code is shown that is not kept. */
  get visiting() {
    return this.#visiting;
  }

  /** Key of the version of a book that has changed since. */
  get aside() {
    return this.key.replace("cell", "earlier");
  }

  /** What is to be kept: nothing, where it is the book's code. @returns {Version | undefined} */
  get #version() {
    const { text, original } = this.code;
    if (text === original) return undefined;
    const foreign = this.#from ? { from: this.#from, read: this.#read } : {};
    return { of: this.code.edition, text, ...foreign };
  }

  /** The reader has changed what is shown. */
  type() {
    this.#typed = true;
    this.#typedAt = Date.now();
    this.#keep();
  }

  /** The reader takes foreign code over; it stays foreign. */
  adopt() {
    this.#read = true;
    this.#keep();
  }

  #keep() {
    if (this.#visiting) this.store.shelve(this.key, WORDS.version.by_link);
    this.#visiting = false;
    if (!this.#version) this.#from = "";
    this.store.put(this.key, this.#version);
    this.past();
  }

  /** Show what is kept, or the book's code; if the book's code has changed since, put it aside and offer both. */
  remember() {
    this.#visiting = this.#typed = false;
    const { original } = this.code;
    const kept = this.store.get(this.key);
    const good = typeof kept?.text === "string" && kept.of === this.code.edition;
    if (kept && !good) {
      const older = this.store.get(this.aside);
      if (older) this.store.shelve(this.key, WORDS.version.by_file, older);
      this.store.put(this.aside, kept);
      this.store.put(this.key, undefined);
    }
    if (good) this.#show(kept.text, kept.from ?? "", kept.read === true);
    else this.#show(original, "", false);
    if (this.foreign && !this.#read) this.offer(this.#from);
    if (typeof this.store.get(this.aside)?.text === "string") this.offer("book");
    this.past();
  }

  /**
   * Show code that came with a link. It is not run, and not kept until the reader says so or changes it.
   * @param {string} text
   */
  visit(text) {
    if (text === this.code.text) return;
    const here = this.#bar.parentElement?.contains(document.activeElement);
    if (here && Date.now() - this.#typedAt < TYPING)
      return this.offer(WORDS.version.waits, { [WORDS.version.show]: () => this.#visited(text) });
    this.#visited(text);
  }

  /** @param {string} text */
  #visited(text) {
    this.#visiting = true;
    this.#show(text, "link", false);
    this.offer("link");
  }

  /** Back to the book's code. */
  reset() {
    this.offer("");
    this.store.shelve(this.key, WORDS.version.by_reset);
    this.#visiting = false;
    this.#show(this.code.original, "", false);
    this.#keep();
  }

  /**
   * Back to an earlier version.
   * @param {Version} version
   */
  restore(version) {
    this.store.shelve(this.key, WORDS.version.by_earlier); // what a link's code stands before
    this.store.shelve(this.key, WORDS.version.by_earlier, this.#version);
    this.store.put(this.key, { ...version, of: this.code.edition });
    this.remember();
  }

  /** What is shown is about to run. */
  ran() {
    if (!this.foreign || this.#read) return;
    this.#read = true;
    if (!this.#visiting) this.store.put(this.key, this.#version);
    this.offer(this.#visiting ? "link" : "");
  }

  /** @param {News} news */
  hear(news) {
    if (news === "clash") return this.offer("clash");
    if (news === "before") return this.past();
    if (this.#visiting) return;
    const mine = this.#typed && news === "tab" ? this.#version : undefined;
    const replaced = this.store.get(this.key) !== undefined;
    if (mine && replaced) this.store.shelve(this.key, WORDS.version.by_other_tab, mine);
    this.offer("");
    this.remember();
    if (mine && replaced) this.offer("tab");
    else if (mine && !this.store.before(this.key).length)
      // what was forgotten there is kept nowhere but here
      this.offer(WORDS.version.deleted, { [WORDS.version.use_mine]: () => this.restore(mine) });
  }

  /**
   * @param {string} text
   * @param {string} from
   * @param {boolean} read
   */
  #show(text, from, read) {
    this.#from = text === this.code.original ? "" : from;
    this.#read = read;
    this.code.text = text;
    const unedited = this.#bar.parentElement?.querySelector("[data-code] code");
    if (unedited instanceof HTMLElement && text !== this.code.original) mark(unedited, this.code.text);
    this.#onShow();
  }

  /** Offer the versions before this one, where there are any. */
  past() {
    if (this.store.before(this.key).length) past(this.#bar);
  }

  /**
   * @param {string} what there is to say: a name of `versions.js`, a sentence, or nothing
   * @param {Record<string, () => void>} [choices] beside a sentence
   */
  offer(what, choices = {}) {
    if (what) offer(what, this, this.#bar, this.#read, choices);
    else this.notice?.hide();
  }
}
