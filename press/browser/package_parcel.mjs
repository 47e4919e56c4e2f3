/**
 * Makes a package's parcel: its files, with the bytecode of Python's modules in place of their source, which would take
 * each reader's browser longer to compile than all the rest of an import. Equal inputs give equal bytes. Called by
 * `packages.py` with one argument, a `Plan` in JSON.
 */

import { writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { install } from "../../runtime/worker/heap_snapshot.js";
import { framed, inMemory, tree } from "./parcel.mjs";

/**
 * Folders: `engine`, `packages` (a wheel, unpacked), `place` (where it lies in the browser's Python); `out`, the file to make.
 * @typedef {{engine: string, packages: string, place: string, out: string}} Plan
 */

/** @import {Files} from "./parcel.mjs" */

const COMPILE = `
import compileall, py_compile
compileall.compile_dir(place, quiet=2, legacy=True,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`;

/** Of compression: at the highest, packing takes ten times as long, for files that are 8 % smaller. */
const LEVEL = 12;

/** @type {Plan} */
const plan = JSON.parse(process.argv[2] ?? "");
const { loadPyodide } = await import(pathToFileURL(join(plan.engine, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: plan.engine + sep, env: { HOME: "/home", PYTHONHASHSEED: "0" } });
const files = tree(plan.packages, plan.place);
install(python, inMemory(files));
python.globals.set("place", plan.place);
python.runPython(COMPILE);
writeFileSync(plan.out, framed(inMemory(files.map(compiled)), LEVEL).squeezed);
process.exit(0); // Python's own timers would keep Node alive

/**
 * What Python reads of a file; a module that cannot be compiled, a template for instance, stays as it is.
 * @param {Files[number]} file
 * @returns {Files[number]}
 */
function compiled([path, content]) {
  const bytecode = `${path}c`;
  return python.FS.analyzePath(bytecode).exists ? [bytecode, python.FS.readFile(bytecode)] : [path, content];
}
