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

/** Everything a worker needs to start Python. @typedef {{type: "start", engine: string, lock: object, rest: string, supplies: Supplies}} Start */

/**
 * Work for Python: cells as (name, source), the last one being the reader's, and code that checks it; a request to an instrument; or long work
 * of an instrument, which answers in steps.
 * @typedef {{kind: "cells", cells: [string, string][], check?: string} | {kind: "instrument" | "work", module: string, request: object}} Job
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
 *   | {type: "answer", id: number, answer: any, heap: number}
 *   | {type: "broken", words: string}} Report
 */

/** @typedef {(value: unknown) => boolean} Check */
/** @typedef {Record<string, Record<string, Check>>} Schema by type of message */

/** Characters of output a message or a run may hold: a head of 36,000 and a tail of 12,000, each escaped sixfold at most. */
export const HEAD = 220_000;
const TAIL = 72_000;
/** Characters of an error's message, hint or traceback; of a name or a sentence. */
const [LONG, SHORT] = [30_000, 5_000];
/** Characters of an untrusted answer. Escaped in JSON, a character takes twelve at most. */
const ANSWER = 12 * 3 * LONG;

/** @type {(most?: number) => Check} */
const text =
  (most = Number.POSITIVE_INFINITY) =>
  (value) =>
    typeof value === "string" && value.length <= most;
/** @type {Check} */
const count = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** @type {Check} */
const flag = (value) => typeof value === "boolean";
/** @type {(check: Check) => Check} */
const optional = (check) => (value) => value === null || check(value);
/** @type {(fields: Record<string, Check>) => Check} exactly these fields */
const record = (fields) => (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === Object.keys(fields).length &&
  Object.entries(fields).every(
    ([field, check]) => Object.hasOwn(value, field) && check(/** @type {Record<string, unknown>} */ (value)[field]),
  );

const broken = { words: text(SHORT) };

/** Before `ready`, from both kinds. @type {Schema} */
export const STARTING = {
  alive: {},
  stage: { words: text(SHORT) },
  inflated: { file: (value) => value instanceof ArrayBuffer },
  ready: {},
  broken,
};

/** @type {Schema} */
export const TRUSTED = {
  step: { id: count, answer: text() },
  answer: { id: count, answer: text(), heap: count },
  broken,
};

/** @type {Schema} */
export const UNTRUSTED = {
  alive: {},
  printed: {
    id: count,
    printed: record({ added: text(HEAD), tail: text(TAIL), lines: count, characters: count }),
  },
  answer: { id: count, answer: text(ANSWER), heap: count },
  broken,
};

/** What an untrusted worker answers: how the run failed, and whether its Python is not to be used again. */
const OUTCOME = record({
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
  worn: flag,
});

/**
 * The message as a report whose answer has been parsed, or null if it is none of this schema.
 * @param {unknown} message
 * @param {Schema} schema
 * @returns {Report | null}
 */
export function asReport(message, schema) {
  const { type } = /** @type {{type?: unknown}} */ (message ?? {});
  if (typeof type !== "string" || !Object.hasOwn(schema, type)) return null;
  if (!record({ type: text(), ...schema[type] })(message)) return null;
  const report = /** @type {any} */ (message);
  if (!("answer" in report)) return report;
  const answer = parsed(report.answer);
  return answer === undefined || (schema === UNTRUSTED && !OUTCOME(answer)) ? null : { ...report, answer };
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
