/**
 * Python for one role of the page: a strict queue with one run in flight, stop, restart, a successor for a run that lasts
 * and for one after which its worker is thrown away: that of somebody else's code, or one that left something behind.
 * Every ask is answered, whatever happens to the worker. Knows nothing of the DOM.
 */

import { environmentFor, packagesFor } from "./environments.js";
import { Interpreter } from "./interpreter.js";

/** @import {Environment, Job, Manifest, Picture, Printed, Report} from "./protocol.js" */
/** @import {Supplier} from "./python_files.js" */

/**
 * How an ask ended: Python's answer (JSON), or stopped by the reader, or broken with a sentence that says why.
 * @typedef {{type: "answer", answer: any} | {type: "stopped"} | {type: "broken", words: string}} Outcome
 */

/**
 * Who asked hears: `progress` while Python starts (share 0..1 of the bytes, null when they are all here), `begin` when
 * the run starts, `printed` and `picture` while it runs, `step` for each answer of long work, `lost` when the worker dies
 * silently after the answer.
 * @typedef {{progress?: (words: string, share: number | null) => void, begin?: () => void, printed?: (printed: Printed) => void, picture?: (picture: Picture) => void, step?: (answer: any) => void, lost?: (words: string) => void}} Watcher
 */

/**
 * `stop` ends a run at once by ending its worker; `cancel` lets long work end after its present step.
 * @typedef {{outcome: Promise<Outcome>, stop: () => void, cancel: () => void}} Ticket
 */

/**
 * `environment`: what the job needs at least; `files`: those of its instrument, or the packages that its code imports,
 * null while they are on their way.
 * @typedef {{id: number, job: Job, environment: Environment, files: Record<string, ArrayBuffer> | null, watcher: Watcher, settle: (outcome: Outcome) => void}} Ask
 */

/** Milliseconds an instrument or a check may take; cells may run as long as the reader likes. */
const LIMIT = 20_000;
/** Milliseconds long work may be silent after a step. */
const STEP_LIMIT = 120_000;
/** Milliseconds after which cells count as a run that lasts, which the reader may want to stop. */
const LASTING = 250;
/** Milliseconds a worker may take to make its Python fresh again; it may as well have closed itself. */
const SETTLING = 3000;
/**
 * Milliseconds after which a Python is ended that nobody has asked for or come near. Its files stay, so that the next is
 * there at once.
 */
const IDLE = 90_000;
/** Heap in bytes above which an idle worker is replaced: it never shrinks by itself. */
const LARGE_HEAP = 2 ** 30;

export class Python {
  /** @type {Ask[]} */
  #queue = [];
  /** @type {Ask | null} */
  #current = null;
  /** Who was answered last. @type {Watcher} */
  #last = {};
  /** @type {Interpreter | null} */
  #interpreter = null;
  /** Wakes during a run, to take over after it. @type {Interpreter | null} */
  #successor = null;
  /** The run that was answered and has not been cleared away, or 0. */
  #settling = 0;
  /** Whether the present Python has run anything. */
  #used = false;
  #asked = 0;
  #lasting = 0;
  #idle = 0;
  /** Whether the last start failed: only an ask tries again, not a reader who is near. */
  #failed = false;
  #words = "";
  /** @type {number | null} */
  #share = 0;
  #manifest;
  /** What the next Python is to have; a page that needed more once will again. @type {Environment} */
  #environment;
  #supplier;
  #trusted;

  /**
   * @param {Manifest} manifest with absolute URLs
   * @param {Supplier} supplier
   * @param {{trusted: boolean}} kind trusted: it runs only the book's own Python
   */
  constructor(manifest, supplier, { trusted }) {
    this.#manifest = manifest;
    this.#environment = manifest.environments.numpy;
    this.#supplier = supplier;
    this.#trusted = trusted;
  }

  /**
   * Start now what may be needed soon, if nothing has started.
   * @param {string[]} [sources] code that is near
   */
  warm(sources = []) {
    if (this.#interpreter) this.#rest();
    else if (!this.#failed) this.expect(sources);
  }

  /**
   * Start what will be needed: in place of a Python that lacks what this code imports, too.
   * @param {string[]} sources code that is about to run
   */
  expect(sources) {
    this.#provide(environmentFor(this.#manifest, sources));
  }

  /** @param {Environment} environment that will be needed */
  #provide(environment) {
    if (environment !== this.#manifest.environments.numpy) this.#environment = environment;
    if (!this.#interpreter) this.#start();
    else if (this.#interpreter.environment !== this.#environment) this.#prepare();
    this.#rest();
  }

  /**
   * Queue a job.
   * @param {Job} job
   * @param {Watcher} [watcher]
   * @returns {Ticket}
   */
  ask(job, watcher = {}) {
    const id = ++this.#asked;
    const sources = sourcesOf(job);
    const environment = environmentFor(this.#manifest, sources);
    const needs = "module" in job ? (this.#manifest.needs?.[job.module] ?? []) : packagesFor(this.#manifest, sources);
    /** @type {Promise<Outcome>} */
    const outcome = new Promise((settle) => {
      this.#queue.push({ id, job, environment, files: needs.length ? null : {}, watcher, settle });
    });
    if (needs.length) this.#fetch(id, needs);
    this.#failed = false;
    this.#provide(environment);
    if (!this.#interpreter?.ready) this.#tell();
    this.#next();
    return { outcome, stop: () => this.#stop(id), cancel: () => this.#cancel(id) };
  }

  /**
   * Fetch what an instrument or code needs; other jobs need not wait for it.
   * @param {number} id of the ask
   * @param {string[]} names
   */
  async #fetch(id, names) {
    const waiting = () => this.#queue.find((ask) => ask.id === id);
    const tell = (/** @type {number} */ share) => waiting()?.watcher.progress?.(WORDS.python.fetching_files, share);
    try {
      const { buffers } = await this.#supplier.gather(names, tell);
      const ask = waiting();
      if (ask) ask.files = buffers;
    } catch (error) {
      this.#drop(id, { type: "broken", words: error instanceof Error ? error.message : String(error) });
    }
    if (!this.#interpreter?.ready) this.#tell();
    this.#next();
  }

  /** @param {number} id */
  #stop(id) {
    if (this.#current?.id === id) this.#replace({ type: "stopped" });
    else this.#drop(id);
  }

  /** @param {number} id */
  #cancel(id) {
    if (this.#current?.id === id) this.#interpreter?.post({ type: "cancel", id });
    else this.#drop(id);
  }

  /**
   * @param {number} id of an ask that may be waiting
   * @param {Outcome} [outcome]
   */
  #drop(id, outcome = { type: "stopped" }) {
    const waiting = this.#queue.findIndex((ask) => ask.id === id);
    if (waiting >= 0) this.#queue.splice(waiting, 1)[0]?.settle(outcome);
  }

  #next() {
    if (!this.#interpreter?.ready || this.#settling || this.#current) return;
    const ask = this.#queue.find(({ files }) => files);
    if (!ask) {
      if (!this.#queue.length) this.#interpreter.complete();
      this.#rest();
      return;
    }
    if (ask.job.kind === "cells" && ask.job.check && this.#used) return this.#succeed(); // nothing else may have run
    if (this.#lacks(ask.environment)) return this.#succeed();
    this.#queue.splice(this.#queue.indexOf(ask), 1);
    this.#current = ask;
    this.#used = true;
    ask.watcher.begin?.();
    const { id, job } = ask;
    if (job.kind !== "cells" && job.kind !== "work") this.#interpreter.watch(LIMIT, WORDS.python.too_long);
    if (job.kind === "cells") this.#lasting = setTimeout(() => this.#prepare(), job.foreign ? 0 : LASTING);
    try {
      this.#interpreter.lend("module" in job ? "files" : "packages", ask.files ?? {});
      this.#interpreter.post({ type: "job", id, job });
    } catch {
      this.#settle({ type: "broken", words: WORDS.python.too_large });
      this.#next();
    }
  }

  /** Nothing is to be done: unless that changes, the memory of this Python is given back. */
  #rest() {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (!this.#interpreter?.ready || this.#current || this.#queue.length || this.#settling) return;
      this.#abandon();
      this.#interpreter.terminate();
      this.#interpreter = null;
    }, IDLE);
  }

  /**
   * Whether the present Python has less than an environment.
   * @param {Environment} environment
   */
  #lacks(environment) {
    return environment !== this.#manifest.environments.numpy && environment !== this.#interpreter?.environment;
  }

  /** @param {boolean} [again] whether in place of another */
  #start(again = false) {
    this.#used = false;
    this.#interpreter = this.#make();
    this.#interpreter.start(again);
  }

  /** A run that lasts may be stopped, and somebody else's is the last of its worker: another Python wakes meanwhile. */
  #prepare() {
    if (this.#successor) return;
    this.#successor = this.#make();
    this.#successor.start(true);
  }

  /** The run has ended by itself: nobody is to take over, unless it has more than the present Python. */
  #dismiss() {
    if (this.#successor?.environment === this.#interpreter?.environment) this.#abandon();
    else this.#promote();
  }

  #abandon() {
    this.#successor?.terminate();
    this.#successor = null;
  }

  /** A successor that has more takes over as soon as it is ready and nothing runs. */
  #promote() {
    const more = this.#successor?.environment !== this.#interpreter?.environment;
    if (more && this.#successor?.ready && !this.#current && !this.#settling) this.#succeed();
  }

  /** @returns {Interpreter} one that is heard from the time it is this role's own */
  #make() {
    const own = () => interpreter === this.#interpreter;
    const interpreter = new Interpreter(this.#manifest, this.#environment, this.#supplier, this.#trusted, {
      progress: (words, share) => own() && this.#progress(words, share),
      ready: () => (own() ? this.#next() : this.#promote()),
      hear: (report) => this.#hear(report),
      die: (words) => (own() ? this.#die(words) : this.#abandon()),
      fail: (words) => (own() ? this.#fail(words) : this.#abandon()),
    });
    return interpreter;
  }

  /** @param {Report} report */
  #hear(report) {
    if (!("id" in report)) return;
    if (report.type === "settled") this.#settled(report);
    if (report.id !== this.#current?.id) return;
    if (report.type === "printed") this.#current.watcher.printed?.(report.printed);
    if (report.type === "picture") this.#current.watcher.picture?.(report.picture);
    if (report.type === "step") this.#step(report.answer);
    if (report.type === "answer") this.#answer(this.#current, report.answer);
  }

  /** @param {any} answer */
  #step(answer) {
    this.#interpreter?.watch(STEP_LIMIT, WORDS.python.silent);
    this.#current?.watcher.step?.(answer);
  }

  /**
   * @param {Ask} ask
   * @param {any} answer
   */
  #answer({ id, job }, answer) {
    if (job.kind === "cells" && job.foreign) return this.#replace({ type: "answer", answer });
    this.#settle({ type: "answer", answer });
    this.#settling = id;
    this.#interpreter?.watch(SETTLING, WORDS.python.too_long);
  }

  /**
   * What the last run left behind has been cleared away, as far as its Python could tell.
   * @param {{id: number, fresh: boolean, heap: number}} report heap: bytes
   */
  #settled({ id, fresh, heap }) {
    if (id !== this.#settling) return;
    this.#interpreter?.relax();
    this.#settling = 0;
    if (!fresh || heap > LARGE_HEAP) return this.#succeed();
    this.#dismiss();
    this.#next();
  }

  /** @param {Outcome} outcome */
  #settle(outcome) {
    clearTimeout(this.#lasting);
    this.#interpreter?.relax();
    const ask = this.#current;
    this.#current = null;
    if (ask) this.#last = ask.watcher;
    ask?.settle(outcome);
  }

  /**
   * End the worker; another takes over at once.
   * @param {Outcome} outcome of the run in flight
   */
  #replace(outcome) {
    this.#interpreter?.terminate();
    this.#settle(outcome);
    this.#succeed();
  }

  #succeed() {
    this.#interpreter?.terminate();
    this.#settling = 0;
    if (this.#successor?.environment !== this.#environment) this.#abandon();
    this.#interpreter = this.#successor;
    this.#successor = null;
    this.#used = false;
    if (!this.#interpreter) this.#start(true);
    else this.#next();
  }

  /**
   * A running worker died.
   * @param {string} words
   */
  #die(words) {
    if (!this.#current) this.#last.lost?.(words);
    if (this.#settling) this.#succeed();
    else this.#replace({ type: "broken", words });
  }

  /**
   * Nothing can run now: everyone who waits is told. The next ask tries again.
   * @param {string} words
   */
  #fail(words) {
    this.#failed = true;
    this.#interpreter = null;
    this.#environment = this.#manifest.environments.numpy;
    this.#settle({ type: "broken", words });
    for (const ask of this.#queue.splice(0)) ask.settle({ type: "broken", words });
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
    for (const ask of this.#queue) if (ask.files) ask.watcher.progress?.(this.#words, this.#share);
  }
}

/**
 * All code of a job.
 * @param {Job} job
 */
function sourcesOf(job) {
  const cells = job.kind === "cells" ? job.cells.map(([, source]) => source) : [];
  return "check" in job && job.check ? [...cells, job.check] : cells;
}
