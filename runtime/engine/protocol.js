/**
 * What the page and its workers say to each other: the message schemas, and the only place where a message is checked.
 *
 * There are two kinds of worker. A trusted one runs only the book's own Python. An untrusted one runs readers' code, and
 * from then on belongs to whoever wrote that: its schema has text, numbers and flags of bounded size, and no capability,
 * file or markup. Until `ready` neither has been given any work, and what is heard is of the book's own scripts.
 */

/** A file the page fetches: `bytes` and `sha256` are those of the decoded content; `inflated`, those of the content without compression. @typedef {{url: string, bytes: number, sha256: string, inflated?: {bytes: number, sha256: string}}} FileEntry */

/**
 * A Python with packages. `imports`: modules whose import asks for it. `image` names the files of a start from its heap
 * image, null when there is none or it could not be used, `start` the image itself and `rest` the file with all that is
 * not in it; `plain` names the files of a start without.
 * @typedef {{imports: string[], image: string[] | null, start: string, rest: string, plain: string[]}} Environment
 */

/**
 * Where everything is; written by the build into the page. URLs are relative to the page. `needs`: by the module of an
 * instrument, names of files that must lie with the worker before it is asked; `packages`: the same by modules that code
 * imports, of packages which the chapter lists.
 * @typedef {{worker: FileEntry, gateway: FileEntry, editor: string, engine: string, lock: object, files: Record<string, FileEntry>, environments: {numpy: Environment, matplotlib: Environment}, needs?: Record<string, string[]>, packages?: Record<string, string[]>}} Manifest
 */

/** Checked contents, by the names of `Manifest.files`. @typedef {{scripts: Record<string, Blob>, modules: Record<string, WebAssembly.Module>, buffers: Record<string, ArrayBuffer>}} Supplies */

/**
 * Everything a worker needs to start Python, whether it will run cells, and whether it is to take note of itself before it
 * is ready. `names`: what the image and its rest are called among the supplies; `rest`: where the rest is, and what it must be; `packages`:
 * modules that the chapter's own packages bring.
 * @typedef {{type: "start", engine: string, lock: object, names: {start: string, rest: string}, rest: FileEntry, packages: string[], supplies: Supplies, cells: boolean, noted: boolean}} Start
 */

/**
 * Work for Python: cells as (name, source), the last one being the reader's, code that checks it, and
 * whether any of it is somebody else's, so that nothing may run after it; a request to an instrument; or long work
 * of an instrument, which answers in steps.
 * @typedef {{kind: "cells", cells: [string, string][], check?: string, foreign?: boolean} | {kind: "check", check: string, claims: string} | {kind: "instrument" | "work", module: string, request: object}} Job
 */

/** `files`: what an instrument needs, or packages, by name. @typedef {{type: "files", files: Record<string, ArrayBuffer>} | {type: "packages", files: Record<string, ArrayBuffer>} | {type: "job", id: number, job: Job} | {type: "cancel", id: number} | {type: "rest", file: ArrayBuffer | null} | {type: "ask"}} Order */
/** `lock`: name of the lock to hold as long as the worker lives; empty: none. @typedef {{type: "hello", scripts: Record<string, Blob>, lock: string}} Hello */
/** @typedef {{kind: string, message: string, hint: string, traceback: string, cell: string, line: number | null}} Failure */
/** @typedef {{added: string, tail: string, lines: number, characters: number}} Printed */
/** What `runtime/python/pictures.py` says of it. @typedef {{kind: "svg" | "png" | "tex", content: string, width: number, height: number, alt: string, values: string}} Picture */

/**
 * @typedef {{type: "alive"}
 *   | {type: "stage", words: string}
 *   | {type: "ready"}
 *   | {type: "inflated", file: ArrayBuffer}
 *   | {type: "printed", id: number, printed: Printed}
 *   | {type: "picture", id: number, picture: Picture}
 *   | {type: "step", id: number, answer: any}
 *   | {type: "answer", id: number, answer: any}
 *   | {type: "settled", id: number, fresh: boolean, heap: number}
 *   | {type: "broken", words: string}} Report
 */

/** @typedef {(value: unknown) => boolean} Check */
/** Fields by type of message; what an answer must be when it has been parsed. @typedef {{messages: Record<string, Record<string, Check>>, answer: Check}} Schema */

/** Characters of output a message or a run may hold: a head of 36,000 and a tail of 12,000, each escaped sixfold at most. */
export const HEAD = 220_000;
const TAIL = 72_000;
/** Characters of an error's message, hint or traceback; of a name or a sentence. */
const [LONG, SHORT] = [9_000, 5_000];
/** Characters of a picture's file, as text; of a formula; of the tables that say what a picture shows. */
const [PICTURE, FORMULA, VALUES] = [3_000_000, 2_000, 60_000];
/** Characters of what a check learned of the code it judges. */
const CLAIMS = 1_100_000;
/** Characters of an untrusted answer. Escaped in JSON, a character takes twelve at most; in claims, which are JSON, two. */
const ANSWER = 12 * 3 * LONG + 2 * CLAIMS;

// The notes without side effects keep the gateway's schema out of the page's bundle.

/** @__NO_SIDE_EFFECTS__ @param {number} [most] characters @returns {Check} */
function text(most = Number.POSITIVE_INFINITY) {
  return (value) => typeof value === "string" && value.length <= most;
}

/** @type {Check} */
const count = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** @type {Check} */
const flag = (value) => typeof value === "boolean";

/** @__NO_SIDE_EFFECTS__ @param {Check} check @returns {Check} */
function optional(check) {
  return (value) => value === null || check(value);
}

/** Exactly these fields. @__NO_SIDE_EFFECTS__ @param {Record<string, Check>} fields @returns {Check} */
function record(fields) {
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const found = /** @type {Record<string, unknown>} */ (value);
    const names = Object.keys(fields);
    if (Object.keys(found).length !== names.length) return false;
    return names.every((name) => Object.hasOwn(found, name) && fields[name]?.(found[name]));
  };
}

/** @type {Check} */
const side = (value) => count(value) && Number(value) <= 20_000;

/**
 * Inert text: a picture's file, shown as an image, or a formula.
 * @__NO_SIDE_EFFECTS__ @param {string} kind @param {Check} content @returns {Check}
 */
function picture(kind, content) {
  const fields = { width: side, height: side, alt: text(SHORT), values: text(VALUES) };
  return record({ kind: (value) => value === kind, content, ...fields });
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const pictures = [
  picture("svg", text(PICTURE)),
  picture("png", (value) => text(PICTURE)(value) && base64.test(/** @type {string} */ (value))),
  picture("tex", text(FORMULA)),
];

const broken = { words: text(SHORT) };
const settled = { id: count, fresh: flag, heap: count };

/** Before `ready`, from both kinds. @type {Schema} */
export const STARTING = {
  messages: {
    alive: {},
    stage: { words: text(SHORT) },
    inflated: { file: (value) => value instanceof ArrayBuffer },
    ready: {},
    broken,
  },
  answer: () => false,
};

/** @type {Schema} */
export const TRUSTED = {
  messages: {
    step: { id: count, answer: text() },
    answer: { id: count, answer: text() },
    settled,
    broken,
  },
  answer: () => true,
};

/** An answer says how the run failed, what the page may note, and what a check learned. @type {Schema} */
export const UNTRUSTED = {
  messages: {
    alive: {},
    printed: {
      id: count,
      printed: record({ added: text(HEAD), tail: text(TAIL), lines: count, characters: count }),
    },
    picture: { id: count, picture: (value) => pictures.some((check) => check(value)) },
    answer: { id: count, answer: text(ANSWER) },
    settled,
    broken,
  },
  answer: record({
    error: optional(
      record({
        kind: text(SHORT),
        message: text(LONG),
        hint: text(LONG),
        traceback: text(LONG),
        cell: text(SHORT),
        line: optional(count),
      }),
    ),
    note: text(SHORT),
    claims: text(CLAIMS),
  }),
};

/**
 * The message as a report whose answer has been parsed, or null if it is none of this schema.
 * @param {unknown} message
 * @param {Schema} schema
 * @returns {Report | null}
 */
export function asReport(message, { messages, answer }) {
  const { type } = /** @type {{type?: unknown}} */ (message ?? {});
  if (typeof type !== "string" || !Object.hasOwn(messages, type)) return null;
  if (!record({ type: text(), ...messages[type] })(message)) return null;
  const report = /** @type {any} */ (message);
  if (!("answer" in report)) return report;
  const value = parsed(report.answer);
  return value !== undefined && answer(value) ? { ...report, answer: value } : null;
}

/**
 * @param {string} json
 * @returns {any} undefined if it is not JSON
 */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
