/**
 * Makes a heap image: starts Python under Node, imports what the first answer needs, and copies the memory.
 * Equal inputs give equal bytes: clock, random numbers, time zone and language are fixed. Called by `heap_snapshot.py` with one
 * argument, a `Plan` in JSON. Anything unexpected ends it with an error and exit status 1.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { BLOCK, install, linking, top } from "../../runtime/worker/heap_snapshot.js";
import { framed, inMemory, PACKAGES, tree } from "./parcel.mjs";

/**
 * Folders: `engine`, `packages` (wheels, unpacked), `pack` (the project's Python), `out`; file `warmUp`. `sides`: the side
 * modules that the imports load, each by its name among the page's files and its path in the wheels. `late`: those of
 * them whose constructors need a Python. `soon`: what files are named that come with the image, because they are
 * imported or read when readers go on; the others come with the rest. `plots`: whether matplotlib is in it.
 * @typedef {{engine: string, packages: string, pack: string, out: string, warmUp: string, sides: Record<string, string>,
 *   late: string[], soon: string, plots: boolean}} Plan
 */

/** @import {Heap} from "../../runtime/worker/heap_snapshot.js" */
/** @import {Files} from "./parcel.mjs" */

/** @typedef {[number, number]} Range first address, address after the last */

/** @typedef {any} Engine Pyodide's own, which has no types for what is needed here */

const LONG_AGO = Date.UTC(2020, 0, 1);
const PAGE = 65536;
const STDLIB = "/lib/python314.zip";
/** What Python reads of its packages. */
const READ = /\.(py|so|ttf|mplstyle)$|\.dist-info\/|\/matplotlibrc$/;
/** Export of a side module by which the engine calls its constructors; what it is renamed to where they must wait. */
const [CONSTRUCTORS, WAITING] = ["__wasm_call_ctors", "__late_call_ctors"];

/** @type {Plan} */
const plan = JSON.parse(process.argv[2] ?? "");
process.env.TZ = "UTC";
Date.now = () => LONG_AGO;
performance.now = () => 0;
const load = (/** @type {string} */ name) => import(pathToFileURL(join(plan.engine, name)).href);
const [{ loadPyodide }, { default: make }] = await Promise.all([load("pyodide.mjs"), load("pyodide.asm.mjs")]);
/** By this number the engine's code asks whether the browser can switch stacks. */
const SWITCHING = Number(
  /(\d+):\(\)=>jspiSupported/.exec(readFileSync(join(plan.engine, "pyodide.asm.mjs"), "utf8"))?.[1],
);
const lock = JSON.parse(readFileSync(join(plan.engine, "pyodide-lock.json"), "utf8"));
const SIDES = Object.entries(plan.sides).map(
  ([name, path]) => /** @type {[string, string]} */ ([name, `${PACKAGES}/${path}`]),
);
const soon = new RegExp(plan.soon);
const packages = tree(plan.packages, PACKAGES).filter(([path]) => READ.test(path));
const pack = tree(plan.pack, "/pack");
const modules = sideModules();
await write().catch((/** @type {Error} */ error) => {
  console.error(error.message);
  process.exit(1);
});
process.exit(0); // Python's own timers would keep Node alive

async function write() {
  const fresh = await freshMemory();
  const { memory, heap: found, stack, sides } = await rehearsed(0);
  const heap = { ...found, switching: onlyDifference(memory, (await rehearsed(1)).memory) };
  const runs = differences(memory, (at) => {
    if (at >= sides || (at >= stack[0] && at < stack[1])) return null;
    return at < stack[0] ? [fresh.untouched, fresh.started] : [fresh.started];
  });
  const along = packages.filter(([path]) => soon.test(path));
  const late = packages.filter(([path]) => !soon.test(path));
  const start = parcel("start", heap, memory, runs, [...pack, ...along]);
  const sha256 = createHash("sha256").update(start).digest("hex");
  writeFileSync(join(plan.out, "start.inflated.json"), JSON.stringify({ bytes: start.length, sha256 }));
  /** @type {Files} */
  const stdlib = [[STDLIB, readFileSync(join(plan.engine, "python_stdlib.zip"))]];
  parcel("rest", null, memory, [], [...stdlib, ...emptied(late, loaded)]);
}

/**
 * @param {Files} files
 * @param {(path: string) => boolean} which
 * @returns {Files} the files, some of them without content
 */
function emptied(files, which) {
  return files.map(([path, content]) => [path, which(path) ? new Uint8Array() : content]);
}

/** Memory of a fresh engine: as its file has it, and when it could be given an image. */
async function freshMemory() {
  let untouched = new Uint8Array();
  let started = new Uint8Array();
  const enough = new Error("enough");
  const boot = loadPyodide({
    ...options(),
    _loadSnapshot: new Uint8Array(16),
    createPyodideModule: async (/** @type {any} */ settings) => {
      fixed(settings, { memory: (copy) => (untouched = copy) });
      const engine = await make(linking(settings, modules, SIDES, () => {}));
      engine.API.restoreSnapshot = () => {
        started = engine.HEAPU8.slice();
        throw enough;
      };
      return engine;
    },
  });
  await boot.catch((/** @type {unknown} */ error) => {
    if (error !== enough) throw error;
  });
  return { untouched, started };
}

/**
 * The memory of an engine in which everything has been imported, and what the image must say besides.
 * @param {number} switching whether the engine is told that this browser can switch stacks
 */
async function rehearsed(switching) {
  /** @type {number[]} */
  let zone = [];
  /** @type {[number, number][]} */
  let bases = [];
  const python = await loadPyodide({
    ...options(),
    _makeSnapshot: true,
    createPyodideModule: (/** @type {any} */ settings) => {
      fixed(settings, { switching, zone: (words) => (zone = words) });
      return make(
        linking(settings, modules, SIDES, (found, engine) => {
          bases = found;
          install(engine, inMemory(emptied([...packages, ...pack], loaded)));
        }),
      );
    },
  });
  const engine = python._module;
  for (const library of Object.values(engine.LDSO.loadedLibsByName)) library.exports?.[WAITING]?.();
  python.globals.set("plots", plan.plots);
  const missing = python.runPython(readFileSync(plan.warmUp, "utf8"));
  if (missing) throw new Error(`not in the image, and yet looked for: ${missing}`);
  const handles = libraries(engine);
  const table = engine.wasmTable.length;
  const [linked, sides] = bases.at(-1) ?? [0, 0];
  for (let slot = linked; slot < table; slot++)
    if (engine.wasmTable.get(slot)) throw new Error(`slot ${slot} of the function table was taken after linking`);
  for (const name of Object.keys(python.loadedPackages)) delete python.loadedPackages[name];
  const state = python._api.serializeHiwireState();
  const length = Math.ceil(top(engine) / PAGE) * PAGE;
  const build = python._api.config.BUILD_ID;
  const memory = engine.HEAPU8.subarray(0, length);
  /** @type {Range} */
  const stack = [engine._emscripten_stack_get_end(), engine._emscripten_stack_get_base()];
  memory.fill(0, ...stack);
  clearFree(engine, sides);
  return { memory, stack, sides, heap: { build, sides: SIDES, bases, table, length, handles, zone, state } };
}

/**
 * The one word in which two memories differ: address, value in one, value in the other.
 * @param {Uint8Array<ArrayBuffer>} memory
 * @param {Uint8Array} other
 * @returns {[number, number, number]}
 */
function onlyDifference(memory, other) {
  const [words, others] = [inWords(memory), inWords(other)];
  const places = [...words.keys()].filter((at) => words[at] !== others[at]);
  const at = places[0] ?? 0;
  if (places.length !== 1) throw new Error(`two starts differ in ${places.length} words, from ${at * 4} on`);
  return [at * 4, words[at] ?? 0, others[at] ?? 0];
}

/** @param {Uint8Array} memory */
function inWords({ buffer, length }) {
  return new Uint32Array(buffer, 0, length / 4);
}

/** C keeps a copy of every library's file it opens; of those that are linked already, nobody reads it.
 * @param {string} path
 */
function loaded(path) {
  return SIDES.some(([, side]) => side === path);
}

function options() {
  return {
    indexURL: plan.engine + sep,
    lockFileContents: { info: lock.info, packages: {} },
    env: { HOME: "/home", LANG: "en_US.UTF-8" },
    _sysExecutable: "./this.program",
    stdout: () => {},
  };
}

/**
 * The engine's settings without chance; `memory` hears a copy of it before anything ran, `zone` what tzset is given.
 * @param {any} settings
 * @param {{switching?: number, memory?: (copy: Uint8Array<ArrayBuffer>) => void, zone?: (words: number[]) => void}} fixtures
 */
function fixed(settings, { switching = 0, memory = () => {}, zone = () => {} }) {
  const instantiate = settings.instantiateWasm;
  settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) => {
    const { _tzset_js, emscripten_asm_const_int } = imports.env;
    imports.env.emscripten_asm_const_int = (/** @type {number} */ code, /** @type {number[]} */ ...words) =>
      code === SWITCHING ? switching : emscripten_asm_const_int(code, ...words);
    let bytes = () => new Uint8Array();
    imports.wasi_snapshot_preview1.random_get = (/** @type {number} */ at, /** @type {number} */ length) =>
      bytes().fill(0, at, at + length) && 0;
    imports.env._tzset_js = (/** @type {number[]} */ ...words) => {
      zone(words);
      _tzset_js(...words);
    };
    return instantiate(imports, (/** @type {any} */ instance, /** @type {unknown} */ module) => {
      bytes = () => new Uint8Array(instance.exports.memory.buffer);
      memory(bytes().slice());
      done(instance, module);
    });
  };
}

/**
 * @param {Engine} engine
 * @returns {[number, string][]} handle and name of every library it has opened
 */
function libraries({ LDSO }) {
  const planned = ["__main__", ...SIDES.map(([, path]) => path)];
  const strange = Object.keys(LDSO.loadedLibsByName).filter((name) => !planned.includes(name));
  if (strange.length) throw new Error(`unplanned dynamic libraries: ${strange}`);
  /** @type {[string, {name: string}][]} */
  const handles = Object.entries(LDSO.loadedLibsByHandle).filter(([handle]) => handle !== "0");
  return handles.map(([handle, { name }]) => [Number(handle), name]);
}

/**
 * Zeroes what C's allocator (dlmalloc) has free: chunks lie one after another, each with its size and flags in its
 * second word; a free one keeps its links in the words after (six if it is large, else two).
 * @param {Engine} engine
 * @param {number} start address of the first chunk
 */
function clearFree({ HEAPU8, HEAPU32, ...engine }, start) {
  const end = top({ HEAPU32, ...engine });
  let chunk = Math.ceil(start / 16) * 16;
  while (chunk < end) {
    const [size, used] = [HEAPU32[(chunk + 4) >> 2] & ~7, HEAPU32[(chunk + 4) >> 2] & 2];
    if (size < 16) break;
    if (!used) HEAPU8.fill(0, chunk + (size < 256 ? 16 : 32), chunk + size);
    chunk += size;
  }
  if (chunk !== end) throw new Error("the allocator's chunks are not where they were expected");
}

/**
 * Pairs of counts, blocks to skip and blocks to write: those that differ from any of the memories `others(address)`,
 * or from zero where that is null.
 * @param {Uint8Array<ArrayBuffer>} memory
 * @param {(at: number) => Uint8Array[] | null} others
 */
function differences(memory, others) {
  /** @type {number[]} */
  const runs = [];
  const view = Buffer.from(memory.buffer);
  const zero = Buffer.alloc(BLOCK);
  let end = 0;
  for (let at = 0; at < memory.length; at += BLOCK) {
    const block = view.subarray(at, at + BLOCK);
    const same = others(at)?.every((other) => block.equals(other.subarray(at, at + BLOCK))) ?? block.equals(zero);
    if (same) continue;
    if (runs.length && end === at) runs.push((runs.pop() ?? 0) + 1);
    else runs.push((at - end) / BLOCK, 1);
    end = at + BLOCK;
  }
  return runs;
}

/**
 * Writes `<name>.parcel`, described in runtime/worker/heap_snapshot.js, and gives what a browser makes of it: the same, inflated.
 * @param {string} name
 * @param {Heap | null} heap
 * @param {Uint8Array<ArrayBuffer>} memory
 * @param {number[]} runs
 * @param {Files} files
 */
function parcel(name, heap, memory, runs, files) {
  const parts = [new Uint8Array(Uint32Array.from(runs).buffer)];
  for (let run = 0, at = 0; run < runs.length; run += 2) {
    const start = at + (runs[run] ?? 0) * BLOCK;
    at = start + (runs[run + 1] ?? 0) * BLOCK;
    parts.push(memory.subarray(start, at));
  }
  const { squeezed, inflated } = framed(inMemory(files, parts, { heap, runs: runs.length / 2 }));
  writeFileSync(join(plan.out, `${name}.parcel`), squeezed);
  return inflated;
}

function sideModules() {
  const files = new Map(packages);
  return Object.fromEntries(
    SIDES.map(([name, path]) => {
      const file = files.get(path);
      if (!file) throw new Error(`there is no ${path}`);
      const bytes = plan.late.includes(name) ? waiting(file) : file;
      writeFileSync(join(plan.out, `${name}.wasm`), bytes);
      return [name, new WebAssembly.Module(bytes)];
    }),
  );
}

/**
 * A side module whose constructors the engine does not find, because their name has changed.
 * @param {Uint8Array<ArrayBuffer>} module
 */
function waiting(module) {
  const bytes = Buffer.from(module);
  const at = bytes.indexOf(CONSTRUCTORS);
  if (at < 0 || bytes.indexOf(CONSTRUCTORS, at + 1) >= 0) throw new Error(`${CONSTRUCTORS} is not named once`);
  bytes.write(WAITING, at);
  return bytes;
}
