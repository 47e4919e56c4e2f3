/**
 * One Python: its files gathered, its worker started, from the heap image or else plainly, and watched to its end.
 * What follows what is said in `start_machine.js`; this does it. Knows nothing of what it is asked.
 */

import { metered } from "./connection.js";
import { SupplyError } from "./python_files.js";
import { initial, next } from "./start_machine.js";

/** @import {Environment, Manifest, Order, Report, Start, Supplies} from "./protocol.js" */
/** @import {Supplier} from "./python_files.js" */
/** @import {Effect, Event} from "./start_machine.js" */
/** @import {Thread} from "./thread.js" */

/**
 * Who made it hears: `progress` while it starts (share 0..1 of the bytes, null when they are all here), `ready`, what
 * its worker reports of runs, `die` when it can no longer be used, and `fail` when it never could. After `terminate`, nothing.
 * @typedef {{progress: (words: string, share: number | null) => void, ready: () => void, hear: (report: Report) => void, die: (words: string) => void, fail: (words: string) => void}} Owner
 */

/** Milliseconds a starting worker may stay silent. */
const START_SILENCE = 60_000;

export class Interpreter {
  #manifest;
  #environment;
  #supplier;
  #owner;
  #state;
  /** Whether its Python takes note of itself before it is ready: nobody waits for it. */
  #noted = false;
  /** @type {Thread | null} */
  #thread = null;
  /** What its start inflated, until there is time to check it. @type {ArrayBuffer | null} */
  #inflated = null;
  #timer = 0;
  /** Names of files that lie with its worker. @type {Set<string>} */
  #lent = new Set();
  /** Starts so far; what belongs to an earlier one is not heard. */
  #attempt = 0;

  /**
   * @param {Manifest} manifest with absolute URLs
   * @param {Environment} environment one of the manifest's
   * @param {Supplier} supplier
   * @param {boolean} trusted whether it will run only the book's own Python
   * @param {Owner} owner
   */
  constructor(manifest, environment, supplier, trusted, owner) {
    this.#manifest = manifest;
    this.#environment = environment;
    this.#supplier = supplier;
    this.#owner = owner;
    this.#state = initial(trusted);
  }

  get environment() {
    return this.#environment;
  }

  get ready() {
    return this.#state.phase === "ready";
  }

  /**
   * Called once by who made it.
   * @param {boolean} noted whether its Python takes note of itself before it is ready
   */
  start(noted) {
    this.#noted = noted;
    this.#begin();
  }

  #begin() {
    const { rest } = this.#environment;
    this.#go({ type: "begin", obstacle: missing(), environment: this.#environment, rest: this.#supplier.has(rest) });
  }

  /** @param {Event} event */
  #go(event) {
    const [state, effects] = next(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  /** @param {Effect} effect */
  #do(effect) {
    if (effect.type === "fetch") this.#fetch(effect);
    else if (effect.type === "wait") this.#wait(effect.words);
    else if (effect.type === "open") this.#open();
    else if (effect.type === "post") this.#post(effect.supplies);
    else if (effect.type === "place") this.#place(effect.sent);
    else if (effect.type === "plainly") this.#plainly(effect.words);
    else {
      this.#clear();
      this.#owner[effect.type](effect.words);
    }
  }

  /** @param {{scripts: string[], names: string[]}} files */
  async #fetch({ scripts, names }) {
    const attempt = ++this.#attempt;
    try {
      this.#owner.progress(WORDS.python.fetching, 0);
      const [supplies] = await Promise.all([
        this.#supplier.gather(names, (share) => this.#owner.progress(WORDS.python.fetching, share)),
        this.#make(scripts),
      ]);
      if (attempt !== this.#attempt) return;
      this.#go({ type: "fetched", supplies });
    } catch (error) {
      const file = error instanceof SupplyError ? error.file : "";
      const words = error instanceof Error ? error.message : String(error);
      if (attempt === this.#attempt) this.#go({ type: "missed", file, words });
    }
  }

  /**
   * Makes the thread, which has its scripts as soon as they are here.
   * @param {string[]} scripts
   */
  async #make(scripts) {
    const attempt = this.#attempt;
    const script = await import("./thread.js").catch(() => null);
    if (attempt !== this.#attempt) return;
    if (!script) throw new Error(WORDS.site.reload_part);
    const thread = new script.Thread(
      this.#state.trusted,
      (report) => this.#thread === thread && this.#hear(report),
      (words) => this.#go({ type: "broken", words }),
    );
    this.#thread = thread;
    this.#supplier.gather(scripts).then(
      (supplies) => this.#thread === thread && thread.meet(supplies.scripts),
      () => {}, // told by those who wait for all
    );
  }

  /** @param {Supplies} supplies */
  #post(supplies) {
    const { engine, lock, packages = {} } = this.#manifest;
    const { start, rest } = this.#environment;
    const where = { engine, lock, names: { start, rest }, rest: this.#supplier.entry(rest) };
    const what = { packages: Object.keys(packages), supplies, cells: !this.#state.trusted };
    this.post({ type: "start", ...where, ...what, noted: this.#noted });
  }

  /** @param {Order | Start} order */
  post(order) {
    this.#thread?.post(order);
  }

  /**
   * Lay down what instruments read, or packages that code imports; what lies there already stays.
   * @param {"files" | "packages"} type
   * @param {Record<string, ArrayBuffer>} files
   */
  lend(type, files) {
    const missing = Object.entries(files).filter(([name]) => !this.#lent.has(name));
    for (const [name] of missing) this.#lent.add(name);
    if (missing.length) this.post({ type, files: Object.fromEntries(missing) });
  }

  /**
   * There is time for the next start, and on a good line for the files that are not in the snapshot; those of a Python
   * with more packages are many and wait until code asks for one, as nearly no figure does.
   */
  complete() {
    if (this.#inflated) this.#supplier.offer(this.#environment.start, this.#inflated);
    this.#inflated = null;
    if (!metered() && !this.#environment.imports.length) this.#go({ type: "idle" });
  }

  /** @param {boolean} sent whether the rest went along with the start */
  async #place(sent) {
    const thread = this.#thread;
    const name = this.#environment.rest;
    const rest = (await this.#supplier.gather([name]).catch(() => null))?.buffers[name];
    if (rest && this.#thread === thread) thread?.post({ type: "rest", file: sent ? null : rest });
  }

  /**
   * Ends it unless `relax` is called in time.
   * @param {number} milliseconds
   * @param {string} words
   */
  watch(milliseconds, words) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go({ type: "broken", words }), milliseconds);
  }

  relax() {
    clearTimeout(this.#timer);
  }

  terminate() {
    this.#go({ type: "end" });
    this.#clear();
  }

  #clear() {
    clearTimeout(this.#timer);
    this.#thread?.terminate();
    this.#thread = null;
    this.#inflated = null;
    this.#attempt++;
  }

  /** @param {Report} report */
  #hear(report) {
    if ("id" in report) this.#owner.hear(report);
    else if (report.type === "inflated") this.#inflated ??= report.file;
    else if (report.type !== "alive") this.#go(report);
  }

  /** @param {string} words */
  #wait(words) {
    this.#owner.progress(words, null);
    this.watch(START_SILENCE, WORDS.python.did_not_start);
  }

  #open() {
    this.relax();
    this.#owner.ready();
  }

  /** @param {string} words why the snapshot could not be used */
  #plainly(words) {
    if (this.#environment.image) console.warn(`Python starts without its heap image: ${words}`);
    this.#environment.image = null; // for every role of the page
    this.#clear();
    this.#begin();
  }
}

/** What this browser or site lacks for Python to run, as a sentence, or an empty text. */
function missing() {
  if (typeof WebAssembly === "undefined") return WORDS.python.no_webassembly;
  if (typeof Worker === "undefined") return WORDS.python.no_workers;
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return WORDS.python.forbidden;
  }
  return "";
}
