/**
 * Fetches the files Python is made of, counts their bytes and checks status, type and sha256.
 * Keeps them for the next worker, so that a restart fetches nothing. Starts nothing itself.
 */

import { fill } from "./words.js";

/** @import {FileEntry, Supplies} from "./protocol.js" */

/** Milliseconds without a byte after which a connection counts as lost. */
const STALLED = 8000;

/** Why a file could not be had, as a sentence for the reader. */
export class SupplyError extends Error {
  /** Name of the file in the manifest. */
  file = "";
}

/** A file arrived complete but is not the one the build made. */
class Corrupted extends SupplyError {}

/** A script is a blob, so that a worker can import it from memory. @typedef {ArrayBuffer | Blob | WebAssembly.Module} Content */

export class Supplier {
  /** @type {Map<string, Promise<Content>>} */
  #kept = new Map();
  /** @type {Set<string>} */
  #here = new Set();
  /** Those whose inflated content is handed out, or being checked. @type {Set<string>} */
  #inflated = new Set();
  /** @type {Map<string, number>} */
  #received = new Map();
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #files;

  /** @param {Record<string, FileEntry>} files */
  constructor(files) {
    this.#files = files;
  }

  /**
   * The files of these names; `watch` hears the share of their bytes that has arrived, 0..1.
   * @param {string[]} names
   * @param {(share: number) => void} [watch]
   * @returns {Promise<Supplies>}
   */
  async gather(names, watch = () => {}) {
    const listen = () => watch(this.#share(names));
    this.#watchers.add(listen);
    try {
      const contents = await Promise.all(names.map((name) => this.#keep(name)));
      return sorted(names.map((name, i) => [name, contents[i]]));
    } finally {
      this.#watchers.delete(listen);
    }
  }

  /**
   * Hand out the file's inflated content from now on, if this is what the build made; otherwise nothing changes.
   * @param {string} name
   * @param {ArrayBuffer} content
   */
  async offer(name, content) {
    const { bytes, sha256 } = this.#files[name]?.inflated ?? {};
    if (this.#inflated.has(name) || content.byteLength !== bytes || !crypto.subtle) return;
    this.#inflated.add(name);
    if (await matches(new Uint8Array(content), sha256 ?? "")) this.#kept.set(name, Promise.resolve(content));
    else this.#inflated.delete(name);
  }

  /**
   * Whether a file is here, whole and checked.
   * @param {string} name
   */
  has(name) {
    return this.#here.has(name);
  }

  /**
   * What is known of a file without fetching it.
   * @param {string} name
   */
  entry(name) {
    return this.#files[name] ?? { url: "", bytes: 0, sha256: "" };
  }

  /** @param {string} name */
  #keep(name) {
    const file = this.#files[name];
    if (!file) throw new SupplyError(fill(WORDS.network.no_name, { file: name }));
    const kept = this.#kept.get(name) ?? fetchTwice(file, contentOf, (bytes) => this.#count(name, bytes));
    this.#kept.set(name, kept);
    kept.then(
      () => this.#here.add(name),
      (error) => {
        error.file = name;
        this.#kept.delete(name);
      },
    );
    return kept;
  }

  /**
   * @param {string} name
   * @param {number} bytes
   */
  #count(name, bytes) {
    this.#received.set(name, bytes);
    for (const listen of this.#watchers) listen();
  }

  /** @param {string[]} names */
  #share(names) {
    const sum = (/** @type {(name: string) => number | undefined} */ of) =>
      names.reduce((a, name) => a + (of(name) ?? 0), 0);
    return Math.min(1, sum((name) => this.#received.get(name)) / sum((name) => this.#files[name]?.bytes));
  }
}

/**
 * @param {[string, Content | undefined][]} contents
 * @returns {Supplies}
 */
function sorted(contents) {
  /** @type {Supplies} */
  const supplies = { scripts: {}, modules: {}, buffers: {} };
  for (const [name, content] of contents) {
    if (content instanceof WebAssembly.Module) supplies.modules[name] = content;
    else if (content instanceof Blob) supplies.scripts[name] = content;
    else if (content) supplies.buffers[name] = content;
  }
  return supplies;
}

/**
 * How to read a checked answer.
 * @template T
 * @typedef {(body: ReadableStream<Uint8Array<ArrayBuffer>>, file: FileEntry, count: (bytes: number) => void, watchdog: Watchdog) => Promise<T>} Read
 */

/**
 * A file's bytes, whole and checked. Rejects with a SupplyError.
 * @param {FileEntry} file
 * @param {(bytes: number) => void} count hears how many bytes have come
 */
export function fetchBytes(file, count) {
  return fetchTwice(file, collect, count);
}

/**
 * A corrupted file may sit in a cache: ask once more, past it.
 * @template T
 * @param {FileEntry} file
 * @param {Read<T>} read
 * @param {(bytes: number) => void} count
 */
async function fetchTwice(file, read, count) {
  try {
    return await fetchChecked(file, "default", read, count);
  } catch (error) {
    if (!(error instanceof Corrupted)) throw error;
    return await fetchChecked(file, "reload", read, count);
  }
}

/**
 * @template T
 * @param {FileEntry} file
 * @param {RequestCache} cache
 * @param {Read<T>} read
 * @param {(bytes: number) => void} count
 */
async function fetchChecked(file, cache, read, count) {
  const watchdog = new Watchdog(STALLED);
  try {
    const response = await fetch(file.url, { cache, signal: watchdog.signal });
    return await read(checkedBody(response, file), file, count, watchdog);
  } catch (error) {
    throw error instanceof SupplyError ? error : new SupplyError(lost(file, watchdog));
  } finally {
    watchdog.rest();
  }
}

/** @type {Read<Content>} */
async function contentOf(body, file, count, watchdog) {
  const buffer = await collect(body, file, count, watchdog);
  if (file.url.endsWith("js")) return new Blob([buffer], { type: "text/javascript" });
  if (!file.url.endsWith(".wasm")) return buffer;
  const wasm = await WebAssembly.compile(buffer); // compileStreaming is slower on a stream that scripts have read
  buffer.transfer?.(0); // gives its memory back now: an idle page collects no garbage
  return wasm;
}

/**
 * @param {Response} response
 * @param {FileEntry} file
 */
function checkedBody(response, file) {
  const name = nameOf(file);
  if (!response.ok) throw new SupplyError(fill(WORDS.network.no_file, { file: name, status: response.status }));
  if (response.headers.get("content-type")?.startsWith("text/html") && !file.url.endsWith(".html")) {
    throw new SupplyError(fill(WORDS.network.web_page, { file: name }));
  }
  if (!response.body) throw new SupplyError(fill(WORDS.network.empty, { file: name }));
  return response.body;
}

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {FileEntry} file
 * @param {(bytes: number) => void} count
 * @param {Watchdog} watchdog
 */
async function collect(body, file, count, watchdog) {
  const bytes = await whole(body, file, (received) => {
    count(received);
    watchdog.feed();
  });
  if (!bytes) throw corrupted(file);
  return bytes;
}

/**
 * A file's bytes if they are those of the build, else null; what is longer is not read to its end.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {FileEntry} file
 * @param {(received: number) => void} [count]
 */
export async function whole(body, file, count) {
  const bytes = new Uint8Array(file.bytes);
  let received = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (received + part.value.length > file.bytes) {
      reader.cancel().catch(() => {}); // nobody waits for it
      return null;
    }
    bytes.set(part.value, received);
    received += part.value.length;
    part.value.buffer.transfer?.(0); // Firefox 121 has none
    count?.(received);
  }
  return received === file.bytes && (await matches(bytes, file.sha256)) ? bytes.buffer : null;
}

/** @param {FileEntry} file */
function corrupted(file) {
  return new Corrupted(fill(WORDS.network.damaged, { file: nameOf(file) }));
}

/**
 * Browsers offer no digest on plain http beyond localhost; there the length alone is checked.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} sha256
 */
async function matches(bytes, sha256) {
  if (!crypto.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/**
 * @param {FileEntry} file
 * @param {Watchdog} watchdog
 */
function lost(file, watchdog) {
  return watchdog.signal.aborted
    ? fill(WORDS.network.stalled, { file: nameOf(file) })
    : fill(WORDS.network.down, { file: nameOf(file) });
}

/** @param {FileEntry} file */
function nameOf(file) {
  return file.url.slice(file.url.lastIndexOf("/") + 1);
}

/** Aborts when it has not been fed for a while. */
class Watchdog {
  #controller = new AbortController();
  #milliseconds;
  #timer = 0;

  /** @param {number} milliseconds */
  constructor(milliseconds) {
    this.#milliseconds = milliseconds;
    this.feed();
  }

  get signal() {
    return this.#controller.signal;
  }

  feed() {
    this.rest();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#milliseconds);
  }

  rest() {
    clearTimeout(this.#timer);
  }
}
