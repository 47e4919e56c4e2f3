/**
 * What the page and a worker say to each other, and the check that a message is one of these.
 * A reader's code can post messages too: whatever does not pass here is ignored.
 */

/** A file the page fetches: `bytes` and `sha256` are those of the decoded content. @typedef {{url: string, bytes: number, sha256: string}} FileEntry */

/**
 * Where everything is; written by the build into the page. URLs are relative to the page. `image` names the files of
 * a start from the heap image.
 * @typedef {{worker: FileEntry, editor: string, engine: string, lock: object, files: Record<string, FileEntry>, image: string[] | null}} Manifest
 */

/** Checked contents, by the names of `Manifest.files`. @typedef {{scripts: Record<string, Blob>, modules: Record<string, WebAssembly.Module>, buffers: Record<string, ArrayBuffer>}} Supplies */

/** Everything a worker needs to start Python, and whether it will run cells. @typedef {{type: "start", engine: string, lock: object, rest: string, supplies: Supplies, cells: boolean}} Start */

/**
 * Work for Python: cells as (name, source), the last one being the reader's, code that checks it, and
 * whether any of it is somebody else's, so that nothing may run after it; a request to an instrument; or long work
 * of an instrument, which answers in steps.
 * @typedef {{kind: "cells", cells: [string, string][], check?: string, foreign?: boolean} | {kind: "check", check: string, claims: string} | {kind: "instrument" | "work", module: string, request: object}} Job
 */

/** @typedef {{type: "job", id: number, job: Job} | {type: "cancel", id: number} | {type: "rest", file: ArrayBuffer | null}} Order */
/** @typedef {{type: "hello", scripts: Record<string, Blob>, lock: string}} Hello */
/** @typedef {{kind: string, message: string, hint: string, traceback: string, cell: string, line: number | null}} Failure */
/** @typedef {{added: string, tail: string, lines: number, characters: number}} Printed */

/**
 * @typedef {{type: "alive"}
 *   | {type: "stage", words: string}
 *   | {type: "ready"}
 *   | {type: "inflated", name: string, file: ArrayBuffer}
 *   | {type: "printed", id: number, printed: Printed}
 *   | {type: "step", id: number, answer: string}
 *   | {type: "answer", id: number, answer: string}
 *   | {type: "settled", id: number, fresh: boolean, heap: number}
 *   | {type: "broken", words: string}} Report
 */

/** @type {Record<string, Record<string, string>>} */
const SHAPES = {
  alive: {},
  stage: { words: "string" },
  ready: {},
  inflated: { name: "string", file: "object" },
  printed: { id: "number", printed: "object" },
  step: { id: "number", answer: "string" },
  answer: { id: "number", answer: "string" },
  settled: { id: "number", fresh: "boolean", heap: "number" },
  broken: { words: "string" },
};

const PRINTED = { added: "string", tail: "string", lines: "number", characters: "number" };

/**
 * The value as a Report, or null if it is anything else.
 * @param {unknown} value
 * @returns {Report | null}
 */
export function asReport(value) {
  if (!fits(value, { type: "string" })) return null;
  const shape = Object.hasOwn(SHAPES, value.type) ? SHAPES[value.type] : null;
  if (!shape || !fits(value, shape)) return null;
  if (value.type === "printed" && !fits(value.printed, PRINTED)) return null;
  return /** @type {Report} */ (/** @type {unknown} */ (value));
}

/**
 * @param {unknown} value
 * @param {Record<string, string>} shape field -> typeof
 * @returns {value is Record<string, any>}
 */
function fits(value, shape) {
  if (typeof value !== "object" || value === null) return false;
  const record = /** @type {Record<string, unknown>} */ (value);
  return Object.entries(shape).every(([field, type]) => typeof record[field] === type);
}
