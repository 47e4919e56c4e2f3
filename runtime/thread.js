/**
 * One worker thread: made, spoken to over a private port, its death noticed. Knows nothing of queues or cells.
 *
 * The worker is a blob that imports the real script: a page's own content security policy reaches such a worker, but
 * not one loaded by its URL. The port is not reachable from the worker's globals, so a reader's code cannot forge
 * messages on it. The worker holds a lock; when it dies, however silently, the browser hands the lock to the page.
 */

import { asReport } from "./protocol.js";
import { OUTDATED } from "./supplies.js";

/** @import {Hello, Order, Report, Start} from "./protocol.js" */

let threads = 0;

export class Thread {
  #worker;
  #port;
  #lock = `python ${performance.timeOrigin} ${Math.random()} ${++threads}`;
  #mourning = new AbortController();
  #onDeath;

  /**
   * @param {string} script absolute URL
   * @param {string} engine absolute URL of the engine's folder
   * @param {(report: Report) => void} onReport
   * @param {(words: string) => void} onDeath called once, never after `terminate`
   */
  constructor(script, engine, onReport, onDeath) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#onDeath = onDeath;
    const blob = URL.createObjectURL(new Blob([introduction(script)], { type: "text/javascript" }));
    this.#worker = new Worker(blob, { type: "module" });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(`The browser could not load the script that runs Python. ${OUTDATED}`);
    });
    port1.onmessage = (event) => {
      const report = asReport(event.data);
      if (report?.type === "alive") {
        URL.revokeObjectURL(blob);
        this.#watch();
      } else if (report) onReport(report);
    };
    /** @type {Hello} */
    const hello = { type: "hello", engine, lock: this.#lock };
    this.#worker.postMessage(hello, [port2]);
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

/**
 * The worker's first lines. The import waits for the page's first message, so that the message cannot come too early,
 * and is a dynamic one, which the policy's script-src governs; a failure becomes the worker's error event.
 * @param {string} script
 */
function introduction(script) {
  return `addEventListener("message", ({ data, ports }) => {
    import(${JSON.stringify(script)}).then((worker) => worker.meet(data, ports[0])).catch((error) => {
      setTimeout(() => { throw error; });
    });
  }, { once: true });`;
}
