/**
 * How one Python comes to life, as a machine of states: pure, so that it is tested without a browser. `next` says to
 * which state an event leads and what is to be done; `interpreter.js` does it. A start from the heap snapshot that fails
 * gives way, once, to a plain one.
 */

/** @import {Environment} from "./protocol.js" */

/** @typedef {"new" | "fetching" | "starting" | "ready" | "ended"} Phase */
/**
 * `plain`: without the heap snapshot; `needed`: files without which there is no start at all; `rest`: whether the files
 * outside the snapshot are with the worker.
 * @typedef {{phase: Phase, plain: boolean, needed: string[], trusted: boolean, rest: "absent" | "sent" | "placed"}} State
 */

/**
 * `begin` with what hinders any start, or nothing, the names of the files of an environment, and whether its rest is
 * here already. `missed`: a file, named if known, could not be had. `broken`: the worker said so,
 * died or fell silent. `idle`: nobody waits. `end`: it is not wanted any more.
 * @typedef {{type: "begin", obstacle: string, environment: Environment, rest: boolean}
 *   | {type: "fetched", supplies: any} | {type: "missed", file: string, words: string} | {type: "stage", words: string} | {type: "ready"}
 *   | {type: "broken", words: string} | {type: "idle"} | {type: "end"}} Event
 */

/**
 * `fetch` these files; `post` them to the worker; `wait` for a sign of life while these words are shown; `open` for
 * work; `place` the rest; begin again `plainly`, and say why; `fail`: it never was; `die`: it is no more.
 * @typedef {{type: "fetch", scripts: string[], names: string[]} | {type: "post", supplies: any} | {type: "wait", words: string}
 *   | {type: "open"} | {type: "place", sent: boolean} | {type: "plainly", words: string}
 *   | {type: "fail", words: string} | {type: "die", words: string}} Effect
 */

/** Files that every worker needs first; the gateway goes with an untrusted one. */
const SCRIPTS = ["worker", "loader", "maker"];
const GATEWAY = "gateway";

/** @type {Effect} */
const STARTING = { type: "wait", words: WORDS.python.starting };

/**
 * @param {boolean} trusted whether it will run only the book's own Python; other code may import anything
 * @returns {State}
 */
export function initial(trusted) {
  return { phase: "new", plain: false, needed: [], trusted, rest: "absent" };
}

/**
 * @param {State} state
 * @param {Event} event
 * @returns {[State, Effect[]]}
 */
export function next(state, event) {
  if (state.phase === "ended") return [state, []];
  if (event.type === "end") return [{ ...state, phase: "ended" }, []];
  if (event.type === "broken") return broken(state, event.words);
  if (event.type === "missed") return missed(state, event);
  if (event.type === "begin" && state.phase === "new") return begun(state, event);
  if (event.type === "fetched" && state.phase === "fetching")
    return [{ ...state, phase: "starting" }, [{ type: "post", supplies: event.supplies }, STARTING]];
  if (event.type === "stage" && state.phase === "starting") return [state, [{ type: "wait", words: event.words }]];
  if (event.type === "ready" && state.phase === "starting") return [{ ...state, phase: "ready" }, [{ type: "open" }]];
  if (event.type === "idle" && state.phase === "ready" && !state.plain && !state.trusted && state.rest !== "placed")
    return [{ ...state, rest: "placed" }, [{ type: "place", sent: state.rest === "sent" }]];
  return [state, []];
}

/**
 * @param {State} state
 * @param {Extract<Event, {type: "begin"}>} event
 * @returns {[State, Effect[]]}
 */
function begun(state, { obstacle, environment, rest }) {
  if (obstacle) return [{ ...state, phase: "ended" }, [{ type: "fail", words: obstacle }]];
  const plain = environment.image === null;
  const along = !plain && !state.trusted && rest;
  const scripts = state.trusted ? SCRIPTS : [...SCRIPTS, GATEWAY];
  const needed = [...scripts, ...environment.plain];
  const names = [...scripts, ...(environment.image ?? environment.plain), ...(along ? [environment.rest] : [])];
  /** @type {State} */
  const fetching = { ...state, phase: "fetching", plain, needed, rest: along ? "sent" : "absent" };
  return [fetching, [{ type: "fetch", scripts, names }]];
}

/**
 * A file that a plain start needs as well is missed for good.
 * @param {State} state
 * @param {Extract<Event, {type: "missed"}>} event
 * @returns {[State, Effect[]]}
 */
function missed(state, { file, words }) {
  const forGood = !file || state.needed.includes(file);
  return forGood ? [{ ...state, phase: "ended" }, [{ type: "fail", words }]] : broken(state, words);
}

/**
 * @param {State} state
 * @param {string} words
 * @returns {[State, Effect[]]}
 */
function broken(state, words) {
  if (state.phase === "ready") return [{ ...state, phase: "ended" }, [{ type: "die", words }]];
  if (state.plain) return [{ ...state, phase: "ended" }, [{ type: "fail", words }]];
  return [initial(state.trusted), [{ type: "plainly", words }]];
}
