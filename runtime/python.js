/**
 * Python for one role of the page: a strict queue with one run in flight, stop, restart, progress, watchdogs.
 * Every ask is answered, whatever happens to the worker. Knows nothing of the DOM.
 */

import { SupplyError } from "./supplies.js";
import { Thread } from "./thread.js";

/** @import {Job, Manifest, Printed, Report} from "./protocol.js" */
/** @import {Supplier} from "./supplies.js" */

/**
 * How an ask ended: Python's answer (JSON), or stopped by the reader, or broken with a sentence that says why.
 * @typedef {{type: "answer", answer: any} | {type: "stopped"} | {type: "broken", words: string}} Outcome
 */

/**
 * Who asked hears: `progress` while Python starts (share 0..1 of the bytes, null when they are all here), `begin` when
 * the run starts, `printed` while it prints, `step` for each answer of long work, `lost` when the worker dies silently
 * after the answer.
 * @typedef {{progress?: (words: string, share: number | null) => void, begin?: () => void, printed?: (printed: Printed) => void, step?: (answer: any) => void, lost?: (words: string) => void}} Watcher
 */

/**
 * `stop` ends a run at once by ending its worker; `cancel` lets long work end after its present step.
 * @typedef {{outcome: Promise<Outcome>, stop: () => void, cancel: () => void}} Ticket
 */

/** @typedef {{id: number, job: Job, watcher: Watcher, settle: (outcome: Outcome) => void}} Ask */

/** Files that every worker needs first. */
const SCRIPTS = ["worker", "loader", "maker"];
/** Files of a start without heap image. */
const PLAIN = ["wasm", "stdlib", "numpy", "pack"];
/** Milliseconds a starting worker may stay silent. */
const START_SILENCE = 30_000;
/** Milliseconds an instrument may take; cells may run as long as the reader likes. */
const INSTRUMENT_LIMIT = 20_000;
/** Milliseconds a worker that will not be used again is listened to. */
const LAST_WORDS = 500;
/** Heap in bytes above which an idle worker is replaced: it never shrinks by itself. */
const LARGE_HEAP = 2 ** 30;

export class Python {
  /** @type {Ask[]} */
  #queue = [];
  /** @type {Ask | null} */
  #current = null;
  /** Who was answered last. @type {Watcher} */
  #last = {};
  /** @type {Thread | null} */
  #thread = null;
  /** The thread that has been offered the rest of Python's files. @type {Thread | null} */
  #whole = null;
  /** The thread that was started with them. @type {Thread | null} */
  #supplied = null;
  /** Whether the thread starts, or started, from the heap image. */
  #woken = false;
  #ready = false;
  /** Whether the worker has answered for the last time. */
  #retiring = false;
  #asked = 0;
  #timer = 0;
  #words = "";
  /** @type {number | null} */
  #share = 0;
  #manifest;
  #supplier;

  /**
   * @param {Manifest} manifest with absolute URLs
   * @param {Supplier} supplier
   */
  constructor(manifest, supplier) {
    this.#manifest = manifest;
    this.#supplier = supplier;
  }

  /** Start now what will be needed soon. */
  warm() {
    if (!this.#thread) this.#start();
  }

  /**
   * Queue a job.
   * @param {Job} job
   * @param {Watcher} [watcher]
   * @returns {Ticket}
   */
  ask(job, watcher = {}) {
    const id = ++this.#asked;
    /** @type {Promise<Outcome>} */
    const outcome = new Promise((settle) => {
      this.#queue.push({ id, job, watcher, settle });
    });
    this.warm();
    if (!this.#ready) this.#tell();
    this.#next();
    return { outcome, stop: () => this.#stop(id), cancel: () => this.#cancel(id) };
  }

  /** @param {number} id */
  #stop(id) {
    if (this.#current?.id === id) this.#replace({ type: "stopped" });
    else this.#drop(id);
  }

  /** @param {number} id */
  #cancel(id) {
    if (this.#current?.id === id) this.#thread?.post({ type: "cancel", id });
    else this.#drop(id);
  }

  /** @param {number} id of an ask that may be waiting */
  #drop(id) {
    const waiting = this.#queue.findIndex((ask) => ask.id === id);
    if (waiting >= 0) this.#queue.splice(waiting, 1)[0]?.settle({ type: "stopped" });
  }

  #next() {
    if (!this.#ready || this.#current) return;
    const ask = this.#queue.shift();
    if (!ask) {
      this.#complete();
      return;
    }
    this.#current = ask;
    ask.watcher.begin?.();
    if (ask.job.kind === "instrument") this.#watchdog(INSTRUMENT_LIMIT, "Python took too long to draw this.");
    this.#thread?.post({ type: "job", id: ask.id, job: ask.job });
  }

  /** Nothing to do: time for the files that no answer has needed yet. */
  async #complete() {
    const thread = this.#thread;
    if (!this.#woken || this.#whole === thread) return;
    this.#whole = thread;
    const { rest } = (await this.#supplier.gather(["rest"]).catch(() => null))?.buffers ?? {};
    if (rest && this.#thread === thread) thread?.post({ type: "rest", file: this.#supplied === thread ? null : rest });
  }

  async #start() {
    const { engine, lock, image } = this.#manifest;
    this.#woken = image !== null;
    const obstacle = missing();
    if (obstacle) return this.#fail(obstacle);
    const thread = new Thread(
      (report) => this.#hear(thread, report),
      (words) => this.#die(thread, words),
    );
    this.#thread = thread;
    try {
      this.#progress("Fetching Python", 0);
      this.#supplier.gather(SCRIPTS).then(
        ({ scripts }) => thread.meet(scripts),
        () => {}, // told by those who wait for all
      );
      if (this.#supplier.has("rest")) this.#supplied = thread;
      const rest = image && this.#supplied === thread ? ["rest"] : [];
      const names = [...SCRIPTS, ...(image ?? PLAIN), ...rest];
      const supplies = await this.#supplier.gather(names, (share) => this.#progress("Fetching Python", share));
      if (this.#thread !== thread) return;
      this.#progress("Starting Python", null);
      this.#watchdog(START_SILENCE, "Python did not start.");
      thread.post({ type: "start", engine, lock, rest: this.#supplier.at("rest"), supplies });
    } catch (error) {
      if (this.#thread === thread) this.#missed(error);
    }
  }

  /**
   * @param {Thread} thread
   * @param {Report} report
   */
  #hear(thread, report) {
    if (this.#thread !== thread) return;
    if (report.type === "stage") this.#stage(report.words);
    if (report.type === "ready") this.#open();
    if (report.type === "inflated") this.#supplier.replace(report.name, report.file);
    if (report.type === "printed" && report.id === this.#current?.id) this.#current.watcher.printed?.(report.printed);
    if (report.type === "step" && report.id === this.#current?.id)
      this.#current.watcher.step?.(JSON.parse(report.answer));
    if (report.type === "answer" && report.id === this.#current?.id) this.#answer(report.answer, report.heap);
    if (report.type === "broken") this.#die(thread, report.words);
  }

  /** @param {unknown} error */
  #missed(error) {
    const words = error instanceof SupplyError ? error.message : String(error);
    const needed = !(error instanceof SupplyError) || [...SCRIPTS, ...PLAIN].includes(error.file);
    if (this.#woken && !needed) this.#startPlainly(words);
    else this.#fail(words);
  }

  /** @param {string} words why the heap image could not be used */
  #startPlainly(words) {
    if (this.#manifest.image) console.warn(`Python starts without its heap image: ${words}`);
    this.#manifest.image = null; // for every role of the page
    this.#end();
    this.#start();
  }

  /** @param {string} words */
  #stage(words) {
    this.#progress(words, null);
    this.#watchdog(START_SILENCE, "Python did not start.");
  }

  #open() {
    clearTimeout(this.#timer);
    this.#ready = true;
    this.#next();
  }

  /**
   * @param {string} text
   * @param {number} heap bytes
   */
  #answer(text, heap) {
    const answer = JSON.parse(text);
    if (heap > LARGE_HEAP || answer.worn) return this.#retire({ type: "answer", answer });
    this.#settle({ type: "answer", answer });
    this.#next();
  }

  /**
   * The worker is not to be used again. It may have closed itself: only a short while after the answer will that show.
   * @param {Outcome} outcome of the run in flight
   */
  #retire(outcome) {
    const thread = this.#thread;
    this.#ready = false;
    this.#retiring = true;
    this.#settle(outcome);
    setTimeout(() => this.#thread === thread && this.#renew(), LAST_WORDS);
  }

  #renew() {
    this.#end();
    this.#start();
  }

  /** @param {Outcome} outcome */
  #settle(outcome) {
    clearTimeout(this.#timer);
    const ask = this.#current;
    this.#current = null;
    if (ask) this.#last = ask.watcher;
    ask?.settle(outcome);
  }

  /**
   * End the worker, and start another at once.
   * @param {Outcome} outcome of the run in flight
   */
  #replace(outcome) {
    this.#end();
    this.#settle(outcome);
    this.#start();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#retiring = false;
    this.#thread?.terminate();
    this.#thread = null;
    this.#ready = false;
  }

  /**
   * A running worker that died is replaced; one that could not wake from the heap image starts plainly; one that never
   * became ready is not replaced, lest it fail for ever.
   * @param {Thread} thread
   * @param {string} words
   */
  #die(thread, words) {
    if (this.#thread !== thread) return;
    if (!this.#current) this.#last.lost?.(words);
    if (this.#retiring) this.#renew();
    else if (this.#ready) this.#replace({ type: "broken", words });
    else if (this.#woken) this.#startPlainly(words);
    else this.#fail(words);
  }

  /**
   * Nothing can run now: everyone who waits is told. The next ask tries again.
   * @param {string} words
   */
  #fail(words) {
    this.#end();
    this.#settle({ type: "broken", words });
    for (const ask of this.#queue.splice(0)) ask.settle({ type: "broken", words });
  }

  /**
   * @param {number} milliseconds
   * @param {string} words
   */
  #watchdog(milliseconds, words) {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    this.#timer = setTimeout(() => thread && this.#die(thread, words), milliseconds);
  }

  /**
   * @param {string} words
   * @param {number | null} share
   */
  #progress(words, share) {
    this.#words = words;
    this.#share = share;
    this.#tell();
  }

  #tell() {
    for (const ask of this.#queue) ask.watcher.progress?.(this.#words, this.#share);
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
