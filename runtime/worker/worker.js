/**
 * The worker: starts Python and passes messages between the page and `runtime/python/host.py`. Decides nothing.
 * The only file that names the engine, Pyodide.
 */

import { fill } from "../engine/words.js";
import { inflated, install, parcel, waking } from "./heap_snapshot.js";

/** @import {Hello, Job, Order, Report, Start, Supplies} from "../engine/protocol.js" */

/** @typedef {{step(): string, destroy(): void}} Steps */
/** What keeps runs apart. @typedef {{remember(): void, put_back(): boolean}} Fresh */
/** @typedef {(added: string, tail: string, lines: number, characters: number) => void} Emit */
/** @typedef {(picture: string) => void} Frame */

/**
 * What `runtime/python/host.py` offers, seen from here.
 * @typedef {{
 *   prepare(packages: string[], words: [string, string][]): void,
 *   plot(): void,
 *   FRESH: Fresh,
 *   run_json(cells: string, emit: Emit, check: string, frame: Frame): string,
 *   verdict_json(check: string, claims: string): string,
 *   respond_json(module: string, request: string): string,
 *   Work(module: string, request: string): Steps,
 * }} Host
 */

/** @type {MessagePort} */
let port;
/** The modules of the engine: its loader, and what makes one. @type {Promise<any[]>} */
let modules;
/** @type {any} */
let engine;
/** @type {Host} */
let host;
let cancelled = 0;
let used = false;
/** Milliseconds without a run after which a Python that has started takes note of itself. */
const QUIET = 20;
/** Bytes digested at once. */
const SLICE = 2 ** 20;
/** Folder of files that the page fetched for instruments. */
const FETCHED = "/pack/.cache/fetched";
/** Folder of the packages that the chapter brings. */
const PACKAGES = "/packages";
/** Whether all of Python's files are there. */
let whole = false;
/** The parcel with those that are not in the image. @type {() => ArrayBuffer} */
let rest;

// A fatal error inside the engine settles no promise; this event is all there is.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  if (event.reason?.pyodide_fatal_error || !host) broken(event.reason);
});

/**
 * Called once, with the page's first message.
 * @param {Hello} hello
 * @param {MessagePort} own
 */
export function meet(hello, own) {
  port = own;
  port.onmessage = (message) => obey(message.data);
  const { loader, maker } = hello.scripts;
  modules = Promise.all([loader, maker].map((script) => import(URL.createObjectURL(/** @type {Blob} */ (script)))));
  modules.catch(() => {}); // the start reports it
  hold(hello.lock);
  withdraw();
}

/**
 * Tells that it lives when it holds the lock, or holds none: there may be no locks, or they may be denied.
 * @param {string} lock
 */
function hold(lock) {
  const alive = () => tell({ type: "alive" });
  if (!lock || !navigator.locks) return alive();
  const held = () => {
    alive();
    return new Promise(() => {});
  };
  navigator.locks.request(lock, held).catch(alive);
}

/**
 * Takes away what neither Python nor the book's scripts use, and a reader's code could use against others of this
 * origin: locks, other workers (service workers, too), channels to pages. The policy's name, which is allowed once, is
 * taken, so that no string becomes a script.
 */
function withdraw() {
  for (const name of ["BroadcastChannel", "LockManager", "SharedWorker", "Worker"])
    Reflect.deleteProperty(globalThis, name);
  for (const name of ["locks", "serviceWorker"]) Reflect.deleteProperty(Object.getPrototypeOf(navigator), name);
  globalThis.postMessage = () => {};
  /** @type {any} */ (globalThis).trustedTypes?.createPolicy("book", {});
}

/** @param {Order | Start} order */
function obey(order) {
  if (order.type === "start") start(order);
  else if (order.type === "cancel") cancelled = order.id;
  else if (order.type === "ask") tell({ type: "alive" });
  else if (order.type === "files") layDown(order.files);
  else if (order.type === "packages") add(order.files);
  else if (order.type === "rest") complete(order.file ?? rest());
  else work(order.id, order.job).catch(broken);
}

/**
 * @param {Report} report
 * @param {Transferable[]} [handed] what leaves this worker with it
 */
function tell(report, handed = []) {
  port.postMessage(report, handed);
}

/** @param {unknown} error */
function broken(error) {
  tell({ type: "broken", words: inWords(/** @type {any} */ (error)) });
}

/** @param {any} error anything thrown by the engine */
function inWords(error) {
  if (error instanceof RangeError) return WORDS.python.too_deep;
  if (error?.name === "ExitStatus" || error?.name === "Exit")
    return fill(WORDS.python.exited, { status: error.status });
  const reason = String(error?.message ?? error)
    .trim()
    .split("\n")
    .at(-1);
  return fill(WORDS.python.crashed, { reason: reason ?? "" });
}

/** What Python says of errors, by the names it has in `runtime/python/errors.py`, which says it in English by itself. */
const HINTS =
  LANGUAGE === "en"
    ? {}
    : {
        out_of_memory: WORDS.hint.out_of_memory,
        no_network: WORDS.hint.no_network,
        prompt: WORDS.hint.prompt,
        recursion: WORDS.hint.recursion,
        no_threads: WORDS.hint.no_threads,
        no_event_loop: WORDS.hint.no_event_loop,
        no_await: WORDS.hint.no_await,
        no_programs: WORDS.hint.no_programs,
        no_files: WORDS.hint.no_files,
        quotes: WORDS.hint.quotes,
        hidden: WORDS.hint.hidden,
        nothing_to_install: WORDS.hint.nothing_to_install,
        notebook_commands: WORDS.hint.notebook_commands,
        no_browser_module: WORDS.hint.no_browser_module,
        display: WORDS.hint.display,
        import_form: WORDS.hint.import_form,
        no_module: WORDS.hint.no_module,
        have: WORDS.hint.have,
      };

/** @param {Start} order */
async function start(order) {
  const image = order.supplies.buffers[order.names.start];
  try {
    tell({ type: "stage", words: WORDS.python.starting });
    engine = await (image ? woken(order, image) : plain(order));
    tell({ type: "stage", words: WORDS.python.loading });
    const { path } = engine.pyimport("sys");
    path.insert(0, "/pack");
    if (order.packages.length) path.append(PACKAGES);
    engine.pyimport("numpy");
    if (image) settle(order);
    host = engine.pyimport("runtime.python.host");
    if (order.cells) host.prepare(order.packages, Object.entries(HINTS));
    if (order.supplies.buffers.matplotlib) host.plot();
    if (order.cells && order.noted) remember();
    tell({ type: "ready" });
    if (order.cells && !order.noted) setTimeout(remember, QUIET);
  } catch (error) {
    broken(error);
  }
}

/**
 * Takes note of what Python is, to compare it after each run. That takes a while, so a run that was asked for before
 * goes first; its Python is not used again.
 */
function remember() {
  if (!used) host.FRESH.remember();
}

/** @param {Start} order */
async function plain(order) {
  const python = await boot(order, (make) => make);
  const { numpy, pack, matplotlib } = order.supplies.buffers;
  python.unpackArchive(numpy, "wheel", { extractDir: python._api.sitepackages });
  python.unpackArchive(pack, "zip", { extractDir: "/pack" });
  if (matplotlib) python.unpackArchive(matplotlib, "zip", { extractDir: "/" });
  return python;
}

/**
 * Python from the heap image, numpy and the project's own Python already imported.
 * @param {Start} order
 * @param {ArrayBuffer} image
 */
async function woken(order, image) {
  let file = image;
  const keep = (/** @type {ArrayBuffer} */ whole) => {
    file = whole;
  };
  const snapshot = { _loadSnapshot: new Uint8Array(16) }; // not read: what `waking` makes puts the image into place
  const python = await boot(order, (make) => waking(make, image, order.supplies.modules, keep), snapshot);
  install(python, parcel(file));
  if (file !== image) tell({ type: "inflated", file }, [file]); // the next start is faster from it
  image.transfer?.(0); // gives its memory back now: an idle worker collects no garbage
  return python;
}

/** A maker of engines. @typedef {(settings: any) => Promise<any>} Make */

/**
 * @param {Start} order
 * @param {(make: Make) => Make} maker given the engine's own
 * @param {object} more
 */
async function boot({ engine: indexURL, lock, supplies }, maker, more = {}) {
  const [{ loadPyodide }, { default: make }] = await modules;
  const quiet = () => {};
  const own = { createPyodideModule: maker(make), env: { HOME: "/home" }, ...more };
  const options = { indexURL, lockFileContents: lock, packageBaseUrl: indexURL, ...own };
  return handingOver(supplies, indexURL, () => loadPyodide({ ...options, stdout: quiet, stderr: quiet }));
}

/**
 * Python learns where it has woken. An import of what is not in the image fetches the rest then and there.
 * @param {Start} order
 */
function settle({ supplies, names, rest: file }) {
  const language = `${navigator.language.replace("-", "_")}.UTF-8`;
  rest = () => supplies.buffers[names.rest] ?? fetchNow(file);
  engine.pyimport("runtime.python.snapshot").wake(navigator.userAgent, language, () => complete(rest()));
}

/**
 * A file, while everything in this worker waits. It is checked like every other; browsers digest only for those who can
 * wait, so Python's own code does it.
 * @param {import("../engine/protocol.js").FileEntry} file
 * @returns {ArrayBuffer}
 */
function fetchNow({ url, bytes, sha256 }) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`the server answered with status ${request.status}`);
  const content = request.response;
  const name = url.split("/").at(-1);
  if (content.byteLength !== bytes || digest(content) !== sha256) throw new Error(`${name} arrived damaged`);
  return content;
}

/**
 * @param {ArrayBuffer} content
 * @returns {string} its SHA-256 in hexadecimal digits
 */
function digest(content) {
  const hash = engine.pyimport("_sha2").sha256();
  for (let at = 0; at < content.byteLength; at += SLICE) {
    const part = engine.toPy(new Uint8Array(content, at, Math.min(SLICE, content.byteLength - at)));
    hash.update(part);
    part.destroy();
  }
  const found = hash.hexdigest();
  hash.destroy();
  return found;
}

/**
 * Puts the rest of Python's files into place, once.
 * @param {ArrayBuffer} file
 */
function complete(file) {
  if (whole) return;
  install(engine, parcel(inflated(engine._module, file)));
  file.transfer?.(0);
  engine.pyimport("runtime.python.snapshot").complete();
  whole = true;
}

/**
 * Puts files that instruments need where `instruments/data/fetched.py` looks for them.
 * @param {Record<string, ArrayBuffer>} files
 */
function layDown(files) {
  engine.FS.mkdirTree(FETCHED);
  for (const [name, content] of Object.entries(files))
    engine.FS.writeFile(`${FETCHED}/${name}`, new Uint8Array(content));
}

/**
 * Puts packages where Python looks for them.
 * @param {Record<string, ArrayBuffer>} parcels
 */
function add(parcels) {
  for (const file of Object.values(parcels)) install(engine, parcel(inflated(engine._module, file)));
  engine.pyimport("importlib").invalidate_caches();
}

/**
 * Runs `load` with the engine's own requests answered from the checked supplies. A failed instantiation, which the
 * engine would only log, rejects.
 * @template T
 * @param {Supplies} supplies
 * @param {string} indexURL
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
async function handingOver({ modules, buffers }, indexURL, load) {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  const { wasm } = modules;
  /** @type {Promise<T>} */
  const failure = new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = async (_source, imports) => {
      if (!wasm) throw new Error("no wasm module was handed over");
      const instance = await WebAssembly.instantiate(wasm, imports).catch((error) => {
        reject(error);
        throw error;
      });
      return { instance, module: wasm };
    };
  });
  globalThis.fetch = async (input, options) => {
    const url = String(input);
    if (url === `${indexURL}pyodide.asm.wasm`) return new Response();
    return url === `${indexURL}python_stdlib.zip` ? new Response(buffers.stdlib) : fetch(input, options);
  };
  try {
    return await Promise.race([load(), failure]);
  } finally {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/**
 * Python runs without a pause from here to the answer (long work: to the next step), so two runs never interleave.
 * @param {number} id
 * @param {Job} job
 */
async function work(id, job) {
  let answer = "{}";
  used = true;
  if (job.kind === "cells") answer = runCells(id, job);
  else if (job.kind === "check") answer = host.verdict_json(job.check, job.claims);
  else if (job.kind === "instrument") answer = host.respond_json(job.module, JSON.stringify(job.request));
  else await workInSteps(id, host.Work(job.module, JSON.stringify(job.request)));
  tell({ type: "answer", id, answer });
  const fresh = job.kind !== "cells" || host.FRESH.put_back();
  tell({ type: "settled", id, fresh, heap: engine._module.HEAPU8.length });
}

/**
 * @param {number} id
 * @param {{cells: [string, string][], check?: string}} job
 */
function runCells(id, { cells, check = "" }) {
  /** @type {Emit} */
  const emit = (added, tail, lines, characters) =>
    tell({ type: "printed", id, printed: { added, tail, lines, characters } });
  /** @type {Frame} */
  const frame = (picture) => tell({ type: "picture", id, picture: JSON.parse(picture) });
  return host.run_json(JSON.stringify(cells), emit, check, frame);
}

/**
 * Listens for a cancellation between two steps: a message of its own comes after those that wait. A timer would, too,
 * but browsers make repeated ones wait 4 ms each.
 * @param {number} id
 * @param {Steps} steps
 */
async function workInSteps(id, steps) {
  const { port1, port2 } = new MessageChannel();
  while (cancelled !== id) {
    const answer = steps.step();
    if (!answer) break;
    tell({ type: "step", id, answer });
    await new Promise((resume) => {
      port1.onmessage = resume;
      port2.postMessage(null);
    });
  }
  port1.close();
  steps.destroy();
}
