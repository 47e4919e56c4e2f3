/**
 * One worker thread: made, spoken to over a private port, its death noticed. Knows nothing of queues or cells.
 *
 * The worker and its scripts are blobs: a page's own content security policy reaches such a worker, but not one loaded
 * by its URL, and a fresh one asks the server for nothing. While a worker starts, it runs only the book's scripts, and
 * the page listens to it. When an untrusted one is ready, the page gives its end of the port away, to the gateway, and
 * hears only what that lets pass. An untrusted worker holds a lock; when it dies, however silently, the browser hands
 * the lock to the page. Whoever takes the lock brings about no more than a question to the worker.
 */

import { asReport, STARTING, TRUSTED } from "./protocol.js";
import { policy } from "./trusted_types.js";

/** @import {Hello, Order, Report, Start} from "./protocol.js" */

/**
 * The worker's first lines. The import waits for the page's first message, so that the message cannot come too early;
 * a failure becomes the worker's error event.
 */
const INTRODUCTION = `addEventListener("message", ({ data, ports }) => {
  import(URL.createObjectURL(data.scripts.worker)).then((worker) => worker.meet(data, ports[0])).catch((error) => {
    setTimeout(() => { throw error; });
  });
}, { once: true });`;

/** Milliseconds in which an idle worker answers the question whether it lives. Asked is only one whose lock is gone. */
const SILENCE = 300;

export class Thread {
  #trusted;
  #worker;
  #channel = new MessageChannel();
  /** @type {Worker | null} */
  #gateway = null;
  /** @type {string[]} */
  #addresses = [];
  #lock = `python ${crypto.getRandomValues(new Uint32Array(4)).join(" ")}`;
  #mourning = new AbortController();
  /** Whether it starts or runs something, and so may be long in answering. */
  #busy = true;
  #watched = false;
  #released = false;
  #silence = 0;
  #onReport;
  #onDeath;

  /**
   * @param {boolean} trusted whether it will run only the book's own Python
   * @param {(report: Report) => void} onReport
   * @param {(words: string) => void} onDeath called once, never after `terminate`
   */
  constructor(trusted, onReport, onDeath) {
    this.#trusted = trusted;
    this.#onReport = onReport;
    this.#onDeath = onDeath;
    this.#worker = this.#made(new Blob([INTRODUCTION], { type: "text/javascript" }));
    this.#channel.port1.onmessage = ({ data }) => this.#start(asReport(data, STARTING));
  }

  /**
   * Call it once, before anything is posted.
   * @param {Record<string, Blob>} scripts
   */
  meet({ gateway, ...scripts }) {
    if (gateway) this.#gateway = this.#made(gateway);
    /** @type {Hello} */
    const hello = { type: "hello", scripts, lock: this.#trusted ? "" : this.#lock };
    this.#worker.postMessage(hello, [this.#channel.port2]);
  }

  /** @param {Order | Start} message */
  post(message) {
    if (message.type === "job") this.#busy = true;
    if (message.type === "start" || this.#trusted) this.#channel.port1.postMessage(message);
    else this.#gateway?.postMessage(message);
  }

  terminate() {
    this.#onDeath = () => {};
    clearTimeout(this.#silence);
    this.#mourning.abort();
    this.#channel.port1.close();
    this.#worker.terminate();
    this.#gateway?.terminate();
    this.#addresses.splice(0).forEach(URL.revokeObjectURL);
  }

  /** @param {Blob} script */
  #made(script) {
    const address = URL.createObjectURL(script);
    this.#addresses.push(address);
    const worker = new Worker(policy.createScriptURL(address), { type: "module" });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(WORDS.python.script_failed);
    });
    return worker;
  }

  /** @param {Report | null} report of a worker that has not been given any work */
  #start(report) {
    if (report?.type === "alive") this.#watch();
    else if (report) {
      if (report.type === "ready") this.#confine();
      this.#onReport(report);
    }
  }

  /** From now on it may run code that is not the book's. */
  #confine() {
    const { port1 } = this.#channel;
    if (this.#trusted) {
      port1.onmessage = ({ data }) => this.#hear(asReport(data, TRUSTED));
    } else if (this.#gateway) {
      this.#gateway.onmessage = ({ data }) => this.#hear(data);
      this.#gateway.postMessage(port1, [port1]);
    }
    this.#rest();
  }

  /** @param {Report | null} report */
  #hear(report) {
    if (report?.type === "alive") {
      clearTimeout(this.#silence);
      this.#watch(); // where it got its lock late, this is its first word of it
    } else if (report) {
      if (report.type === "answer") this.#rest();
      this.#onReport(report);
    }
  }

  #watch() {
    if (this.#trusted || this.#watched) return;
    this.#watched = true;
    navigator.locks
      ?.request(this.#lock, { signal: this.#mourning.signal }, () => {
        this.#released = true;
        if (!this.#busy) this.#ask();
      })
      .catch(() => {}); // without locks a silent death shows in nothing but a run that does not end
  }

  #rest() {
    this.#busy = false;
    if (this.#released) this.#ask();
  }

  /** Whoever lives and has nothing to do will answer. */
  #ask() {
    this.post({ type: "ask" });
    this.#silence = setTimeout(() => this.#die(WORDS.python.silent), SILENCE);
  }

  /** @param {string} words */
  #die(words) {
    const tell = this.#onDeath;
    this.terminate();
    tell(words);
  }
}
