/**
 * What the page and its workers say to each other: the message schemas, and the only place where a message is checked.
 *
 * There are two kinds of worker. A trusted one runs only the book's own Python. An untrusted one runs readers' code, and
 * from then on belongs to whoever wrote that: its schema has text, numbers and flags of bounded size, and no capability,
 * file or markup. Until `ready` neither has been given any work, and what is heard is of the book's own scripts.
 */

/** A file the page fetches: `bytes` and `sha256` are those of the decoded content; `inflated`, those of the content without compression. @typedef {{url: string, bytes: number, sha256: string, inflated?: {bytes: number, sha256: string}}} FileEntry */

/**
 * Where everything is; written by the build into the page. URLs are relative to the page. `image` names the files of
 * a start from the heap image.
 * @typedef {{worker: FileEntry, gateway: FileEntry, editor: string, engine: string, lock: object, files: Record<string, FileEntry>, image: string[] | null}} Manifest
 */

/** Checked contents, by the names of `Manifest.files`. @typedef {{scripts: Record<string, Blob>, modules: Record<string, WebAssembly.Module>, buffers: Record<string, ArrayBuffer>}} Supplies */

/** Everything a worker needs to start Python, whether it will run cells, and whether it is to take note of itself before it is ready. @typedef {{type: "start", engine: string, lock: object, rest: string, supplies: Supplies, cells: boolean, noted: boolean}} Start */

/**
 * Work for Python: cells as (name, source), the last one being the reader's, code that checks it, and
 * whether any of it is somebody else's, so that nothing may run after it; a request to an instrument; or long work
 * of an instrument, which answers in steps.
 * @typedef {{kind: "cells", cells: [string, string][], check?: string, foreign?: boolean} | {kind: "check", check: string, claims: string} | {kind: "instrument" | "work", module: string, request: object}} Job
 */

/** @typedef {{type: "job", id: number, job: Job} | {type: "cancel", id: number} | {type: "rest", file: ArrayBuffer | null} | {type: "ask"}} Order */
/** `lock`: name of the lock to hold as long as the worker lives; empty: none. @typedef {{type: "hello", scripts: Record<string, Blob>, lock: string}} Hello */
/** @typedef {{kind: string, message: string, hint: string, traceback: string, cell: string, line: number | null}} Failure */
/** @typedef {{added: string, tail: string, lines: number, characters: number}} Printed */

/**
 * @typedef {{type: "alive"}
 *   | {type: "stage", words: string}
 *   | {type: "ready"}
 *   | {type: "inflated", file: ArrayBuffer}
 *   | {type: "printed", id: number, printed: Printed}
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
