/**
 * A cell: its code, the run and what came of it.
 * The editor, the printed text, the reader's memory and Python have files of their own.
 */

import { fill, within } from "../../engine/words.js";
import { missing, part } from "../missing_parts.js";
import { Code } from "./code.js";
import { Bar } from "./toolbar.js";

/** @import {LoadEditor} from "./code.js" */
/** @import {Draft} from "./draft.js" */
/** @import {Output} from "./output.js" */
/** @import {Failure} from "../../engine/protocol.js" */
/** @import {Python, Outcome, Ticket} from "../../engine/python.js" */
/** @import {Store} from "../storage/store.js" */

/** How a run failed, what a check asked of it, and what a reader should know of it. @typedef {{error: Failure | null, claims?: string, note: string}} Answer */

/** What all cells of a page share; `judges` is a Python that never runs a reader's code. @typedef {{python: Python, judges: Python, store: Store, cells: Map<string, Cell>, editor: LoadEditor, ahead: () => void}} Desk */

export class Cell {
  #figure;
  #code;
  #bar;
  /** @type {Draft | null} */
  #draft = null;
  /** @type {Promise<Draft> | null} */
  #drafting = null;
  /** @type {Output | null} */
  #output = null;
  #desk;
  /** @type {Ticket | null} */
  #ticket = null;
  /** Whether a run was stopped before Python heard of it. */
  #stopped = false;

  /**
   * @param {HTMLElement} figure
   * @param {Desk} desk
   */
  constructor(figure, desk) {
    this.#figure = figure;
    this.#desk = desk;
    const bar = find(figure, ".cell-bar");
    this.#bar = new Bar(bar, (action) => this.#act(action));
    this.#code = new Code(find(figure, "[data-code]"), {
      label: this.label,
      load: () => Promise.all([desk.editor(), this.#load()]).then(([editor]) => editor),
      onChange: () => this.#changed(),
      onRun: () => this.run(),
      onPaste: (words, undo) => this.#draft?.offer(words, { [WORDS.site.undo]: undo }),
      onTrouble: (name) => {
        missing(name);
        this.#bar.say(fill(WORDS.cell.editor_missing, { part: name }));
      },
    });
    this.#remember();
  }

  /** Show the reader's own code at once; whatever is to be said of it comes after. */
  #remember() {
    const { store } = this.#desk;
    const kept = store.get(this.#key);
    const own = typeof kept?.text === "string" && kept.of === this.#code.edition && !kept.from;
    if (own) this.#code.text = kept.text;
    if (kept || store.get(`earlier ${this.name}`) || store.before(this.#key).length) this.#drafted();
    store.watch(this.#key, async (news) => (this.#draft ? this.#draft.hear(news) : this.#drafted()));
    this.#badge();
  }

  get #key() {
    return `cell ${this.name}`;
  }

  /** @returns {Promise<Draft>} of other code than the book's */
  #load() {
    this.#drafting ??= import("./draft.js").then(({ Draft }) => {
      const bar = find(this.#figure, ".cell-bar");
      this.#draft = new Draft(this.#key, this.#code, this.#desk.store, bar, () => this.#badge());
      return this.#draft;
    });
    this.#drafting.catch(() => {
      this.#drafting = null;
    });
    return this.#drafting;
  }

  #drafted() {
    return part(WORDS.part.version, () => this.#load());
  }

  get name() {
    return this.#figure.dataset.cell ?? "";
  }

  /** How tracebacks and messages call this cell: "cell 2.1". */
  get label() {
    const number =
      this.#figure.querySelector("figcaption a") ?? this.#figure.parentElement?.querySelector(".block-number");
    return within((number?.textContent ?? this.name).trim());
  }

  /** The code as the reader sees it. */
  get text() {
    return this.#code.text;
  }

  /** What judges answers of this cell. */
  get judges() {
    return this.#desk.judges;
  }

  /** Whether the code came by a link or a file, changed since or not. */
  get foreign() {
    return this.#draft?.foreign ?? Boolean(this.#desk.store.get(this.#key)?.from);
  }

  /** @returns {Cell[]} the cells that run before this one, in order, each once */
  get needs() {
    const names = (this.#figure.dataset.needs ?? "").split(" ").filter(Boolean);
    const cells = names.flatMap((name) => this.#desk.cells.get(name) ?? []);
    return [...new Set(cells.flatMap((cell) => [...cell.needs, cell]))];
  }

  /** The reader is near. */
  warm() {
    this.#desk.python.warm(this.#parts.map((cell) => cell.text));
    this.#show().catch(() => {});
  }

  /** The reader turns to it, and not to what is near it. */
  attend() {
    this.#desk.python.expect(this.#parts.map((cell) => cell.text));
  }

  /** @returns {Cell[]} all that run when it does, in order */
  get #parts() {
    return [...this.needs, this];
  }

  /** @returns {Promise<Output>} what shows the output */
  async #show() {
    const { Output } = await import("./output.js");
    this.#output ??= new Output(find(this.#figure, "[data-output]"));
    return this.#output;
  }

  /** @param {string} action */
  #act(action) {
    if (action === "run") this.run();
    if (action === "stop") this.#stop();
    if (action === "reset") this.reset();
    if (action === "before") this.#draft?.offer("before");
    if (action === "copy") this.#copy(Promise.resolve(this.text), WORDS.cell.copied);
    if (action === "share") this.#share();
  }

  async #share() {
    const links = await part(WORDS.part.copying, () => import("./code_link.js"));
    if (links) this.#copy(links.linkTo(this.#figure.id, this.text), WORDS.cell.link_copied);
  }

  /**
   * Run it; while it runs or waits, further clicks do nothing.
   * @param {string} [check] code that asks things of it afterwards, unseen
   * @returns {Promise<Answer | undefined>} undefined: it came to no end
   */
  async run(check) {
    if (this.#busy) return;
    this.#busy = true;
    this.#stopped = false;
    const output = await part(WORDS.part.output, () => this.#show());
    if (!output || this.#stopped) {
      this.#busy = false;
      this.#bar.say(output ? WORDS.cell.stopped : "");
      return;
    }
    const parts = this.#parts;
    const foreign = parts.some((cell) => cell.foreign);
    const cells = parts.map((cell) => /** @type {[string, string]} */ ([cell.label, cell.text]));
    const named = (/** @type {string} */ name) => parts[cells.findLastIndex(([label]) => label === name)];
    let began = 0;
    this.#draft?.ran();
    this.#bar.say(WORDS.cell.waiting);
    output.begin();
    this.#ticket = this.#desk.python.ask(
      { kind: "cells", cells, check, foreign },
      {
        progress: (words, share) => this.#bar.wait(words, share),
        begin: () => {
          began = performance.now();
          this.#bar.run();
        },
        printed: (printed) => output.print(printed),
        picture: (picture) => output.show(picture),
        lost: (trouble) => this.#bar.say(fill(WORDS.cell.afresh, { trouble })),
      },
    );
    const outcome = await this.#ticket.outcome;
    this.#ticket = null;
    this.#busy = false;
    const answer = this.#conclude(outcome, output, named, began && performance.now() - began);
    this.#desk.ahead();
    return answer;
  }

  /** What runs, or is about to. */
  #stop() {
    this.#stopped = true;
    this.#ticket?.stop();
  }

  get #busy() {
    return this.#figure.classList.contains("is-running");
  }

  set #busy(busy) {
    this.#figure.classList.toggle("is-running", busy);
    this.#bar.busy = busy;
  }

  /**
   * @param {Outcome} outcome
   * @param {Output} output
   * @param {(name: string) => Cell | undefined} named the cell that ran under a name; labels on the page may change
   * @param {number} milliseconds
   */
  #conclude(outcome, output, named, milliseconds) {
    const fixed = (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 0);
    const seconds = fixed.replace(".", WORDS.language.decimal);
    if (outcome.type === "stopped") {
      this.#bar.say(milliseconds ? fill(WORDS.cell.stopped_after, { seconds }) : WORDS.cell.stopped);
      return undefined;
    }
    if (outcome.type === "broken") {
      output.fail({ message: outcome.words, hint: WORDS.cell.again });
      this.#bar.say("");
      return undefined;
    }
    output.end();
    /** @type {Answer} */
    const { error, note } = outcome.answer;
    if (error && error.cell !== "check") this.#blame(error, output, named(error.cell));
    this.#bar.say(error ? note : fill(WORDS.cell.done, { seconds, note }));
    return outcome.answer;
  }

  /**
   * @param {Failure} error
   * @param {Output} output
   * @param {Cell} [guilty] whose code failed
   */
  #blame(error, output, guilty) {
    const { cell, message } = error;
    const elsewhere = guilty && guilty !== this;
    output.fail({ ...error, message: elsewhere ? fill(WORDS.cell.in_cell, { cell, message }) : message });
    if (error.line) guilty?.mark(error.line);
  }

  /** @param {number} line */
  mark(line) {
    this.#code.mark(line);
  }

  /** Back to the code and the output of the book. */
  reset() {
    this.#stop();
    this.#draft?.reset();
    this.#output?.restore();
    this.#bar.say("");
  }

  /**
   * Show code that came with a link.
   * @param {{code: string} | {trouble: string}} link `trouble` says why there is none
   */
  async visit(link) {
    this.#figure.scrollIntoView();
    const draft = await this.#drafted();
    if ("code" in link) draft?.visit(link.code);
    else draft?.offer(link.trouble);
  }

  #changed() {
    this.#badge();
    this.#draft?.type();
  }

  #badge() {
    const edited = this.#code.text !== this.#code.original;
    this.#figure.classList.toggle("is-edited", edited);
    this.#bar.edited = edited;
  }

  /**
   * @param {Promise<string>} text
   * @param {string} done
   */
  async #copy(text, done) {
    try {
      await navigator.clipboard.writeText(await text);
      this.#bar.say(done);
    } catch {
      this.#bar.say(WORDS.cell.copying_refused);
    }
  }
}

/**
 * @param {Element} within
 * @param {string} selector
 */
function find(within, selector) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page lacks ${selector}`);
  return found;
}
