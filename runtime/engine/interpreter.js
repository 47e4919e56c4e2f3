/**
 * One Python: its files gathered, its worker started, from the heap image or else plainly, and watched to its end.
 * Knows nothing of what it is asked.
 */

import { SupplyError } from "./python_files.js";

/** @import {Manifest, Order, Report} from "./protocol.js" */
/** @import {Supplier} from "./python_files.js" */
/** @import {Thread} from "./thread.js" */

/**
 * Who made it hears: `progress` while it starts (share 0..1 of the bytes, null when they are all here), `ready`, what
 * its worker reports of runs, `die` when it can no longer be used, and `fail` when it never could. After `terminate`, nothing.
 * @typedef {{progress: (words: string, share: number | null) => void, ready: () => void, hear: (report: Report) => void, die: (words: string) => void, fail: (words: string) => void}} Owner
 */

/** Files that every worker needs first; the gateway goes with an untrusted one. */
const SCRIPTS = ["worker", "loader", "maker"];
const GATEWAY = "gateway";
/** Files of a start without heap image. */
const PLAIN = ["wasm", "stdlib", "numpy", "pack"];
/** Milliseconds a starting worker may stay silent. */
const START_SILENCE = 30_000;

export class Interpreter {
  ready = false;
  #manifest;
  #supplier;
  #trusted;
  #noted = false;
  #owner;
  /** @type {Thread | null} */
  #thread = null;
  /** Whether it starts, or started, from the heap image. */
  #woken = false;
  /** Whether the files that are not in the image went along with the start, or have been offered since. */
  #supplied = false;
  #offered = false;
  /** What its start inflated, until there is time to check it. @type {ArrayBuffer | null} */
  #inflated = null;
  #timer = 0;
  /** Starts that were given up. */
  #attempt = 0;

  /**
   * @param {Manifest} manifest with absolute URLs
   * @param {Supplier} supplier
   * @param {boolean} trusted whether it will run only the book's own Python; other code may import anything, and has all
   * of Python's files at hand
   * @param {Owner} owner
   */
  constructor(manifest, supplier, trusted, owner) {
    this.#manifest = manifest;
    this.#supplier = supplier;
    this.#trusted = trusted;
    this.#owner = owner;
  }

  /**
   * Called once by who made it.
   * @param {boolean} noted whether its Python takes note of itself before it is ready: nobody waits for it
   */
  async start(noted) {
    this.#noted = noted;
    const { engine, lock, image } = this.#manifest;
    this.#woken = image !== null;
    const obstacle = missing();
    if (obstacle) return this.#end(obstacle);
    const attempt = this.#attempt;
    const scripts = this.#trusted ? SCRIPTS : [...SCRIPTS, GATEWAY];
    this.#supplied = !this.#trusted && this.#supplier.has("rest");
    const rest = image && this.#supplied ? ["rest"] : [];
    const names = [...scripts, ...(image ?? PLAIN), ...rest];
    try {
      this.#owner.progress("Fetching Python", 0);
      const [supplies] = await Promise.all([
        this.#supplier.gather(names, (share) => this.#owner.progress("Fetching Python", share)),
        this.#make(scripts),
      ]);
      if (attempt !== this.#attempt) return;
      this.#stage("Starting Python");
      this.#thread?.post({
        type: "start",
        engine,
        lock,
        rest: this.#supplier.at("rest"),
        supplies,
        cells: !this.#trusted,
        noted,
      });
    } catch (error) {
      if (attempt === this.#attempt) this.#miss(error);
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
    if (!script) throw new Error("A part of the page could not be loaded. Reload the page if this happens again.");
    const thread = new script.Thread(
      this.#trusted,
      (report) => this.#thread === thread && this.#hear(report),
      (words) => this.#die(words),
    );
    this.#thread = thread;
    this.#supplier.gather(scripts).then(
      (supplies) => this.#thread === thread && thread.meet(supplies.scripts),
      () => {}, // told by those who wait for all
    );
  }

  /** @param {Order} order */
  post(order) {
    this.#thread?.post(order);
  }

  /** There is time for the next start, and for the files that are not in the image. */
  async complete() {
    const thread = this.#thread;
    if (this.#inflated) this.#supplier.offer("image", this.#inflated);
    this.#inflated = null;
    if (this.#trusted || !this.#woken || this.#offered) return;
    this.#offered = true;
    const { rest } = (await this.#supplier.gather(["rest"]).catch(() => null))?.buffers ?? {};
    if (rest && this.#thread === thread) thread?.post({ type: "rest", file: this.#supplied ? null : rest });
  }

  /**
   * Ends it unless `relax` is called in time.
   * @param {number} milliseconds
   * @param {string} words
   */
  watch(milliseconds, words) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#die(words), milliseconds);
  }

  relax() {
    clearTimeout(this.#timer);
  }

  terminate() {
    clearTimeout(this.#timer);
    this.#thread?.terminate();
    this.#thread = null;
    this.#inflated = null;
    this.#attempt++;
    this.ready = false;
  }

  /** @param {Report} report */
  #hear(report) {
    if (report.type === "stage") this.#stage(report.words);
    else if (report.type === "ready") this.#open();
    else if (report.type === "inflated") this.#inflated ??= report.file;
    else if (report.type === "broken") this.#die(report.words);
    else this.#owner.hear(report);
  }

  /** @param {string} words */
  #stage(words) {
    this.#owner.progress(words, null);
    this.watch(START_SILENCE, "Python did not start.");
  }

  #open() {
    this.relax();
    this.ready = true;
    this.#owner.ready();
  }

  /** @param {unknown} error */
  #miss(error) {
    const words = error instanceof Error ? error.message : String(error);
    const needed = !(error instanceof SupplyError) || [...SCRIPTS, GATEWAY, ...PLAIN].includes(error.file);
    if (this.#woken && !needed) this.#startPlainly(words);
    else this.#end(words);
  }

  /**
   * One that could not wake from the heap image starts plainly.
   * @param {string} words
   */
  #die(words) {
    if (this.#woken && !this.ready) this.#startPlainly(words);
    else this.#end(words);
  }

  /** @param {string} words why the heap image could not be used */
  #startPlainly(words) {
    if (this.#manifest.image) console.warn(`Python starts without its heap image: ${words}`);
    this.#manifest.image = null; // for every role of the page
    this.terminate();
    this.start(this.#noted);
  }

  /** @param {string} words */
  #end(words) {
    const { ready } = this;
    this.terminate();
    if (ready) this.#owner.die(words);
    else this.#owner.fail(words);
  }
}

/** What this browser or site lacks for Python to run, as a sentence, or an empty text. */
function missing() {
  if (typeof WebAssembly === "undefined") return "This browser has no WebAssembly, which Python needs.";
  if (typeof Worker === "undefined") return "This browser has no web workers, which Python needs.";
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return "The server's security policy forbids WebAssembly ('wasm-unsafe-eval' is missing), which Python needs.";
  }
  return "";
}
