/**
 * One worker thread: made, spoken to over a private port, its death noticed. Knows nothing of queues or cells.
 *
 * The worker and its scripts are blobs: a page's own content security policy reaches such a worker, but not one loaded
 * by its URL, and a fresh one asks the server for nothing. The port is not reachable from the worker's globals, so a
 * reader's code cannot forge messages on it. The worker holds a lock; when it dies, however silently, the browser hands
 * the lock to the page.
 */

import { asReport } from "./protocol.js";

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

let threads = 0;

export class Thread {
  #worker;
  #port;
  #far;
  #lock = `python ${performance.timeOrigin} ${Math.random()} ${++threads}`;
  #mourning = new AbortController();
  #onDeath;

  /**
   * @param {(report: Report) => void} onReport
   * @param {(words: string) => void} onDeath called once, never after `terminate`
   */
  constructor(onReport, onDeath) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#far = port2;
    this.#onDeath = onDeath;
    const blob = URL.createObjectURL(new Blob([INTRODUCTION], { type: "text/javascript" }));
    this.#worker = new Worker(blob, { type: "module" });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die("The browser could not run the script that starts Python.");
    });
    port1.onmessage = (event) => {
      const report = asReport(event.data);
      if (report?.type === "alive") {
        URL.revokeObjectURL(blob);
        this.#watch();
      } else if (report) onReport(report);
    };
  }

  /**
   * Call it once, before anything is posted.
   * @param {Record<string, Blob>} scripts
   */
  meet(scripts) {
    /** @type {Hello} */
    const hello = { type: "hello", scripts, lock: this.#lock };
    this.#worker.postMessage(hello, [this.#far]);
  }

  /** @param {Order | Start} message */
  post(message) {
    this.#port.postMessage(message);
  }

  terminate() {
    this.#onDeath = () => {};
    this.#mourning.abort();
    this.#port.close();
    this.#worker.terminate();
  }

  #watch() {
    navigator.locks
      ?.request(this.#lock, { signal: this.#mourning.signal }, () => this.#die("Python stopped responding."))
      .catch(() => {});
  }

  /** @param {string} words */
  #die(words) {
    const tell = this.#onDeath;
    this.terminate();
    tell(words);
  }
}
