/** Parcels of files for the browser's Python: how `runtime/worker/heap_snapshot.js`, which opens them, wants them. */

import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";

/** @import {Heap, Parcel} from "../../runtime/worker/heap_snapshot.js" */

/** @typedef {[string, Uint8Array<ArrayBuffer>][]} Files path in the browser's Python, content */

/** Folder of packages in the browser's Python. */
export const PACKAGES = "/lib/python3.14/site-packages";

/**
 * @param {Files} files
 * @param {Uint8Array[]} parts of the content before the files
 * @param {{heap?: Heap | null, runs?: number}} more
 * @returns {Parcel & {content: Buffer}}
 */
export function inMemory(files, parts = [], { heap = null, runs = 0 } = {}) {
  const content = Buffer.concat([...parts, ...files.map(([, bytes]) => bytes)]);
  /** @type {[string, number][]} */
  const list = files.map(([path, bytes]) => [path, bytes.length]);
  return { head: { size: content.length, runs, heap, files: list }, content };
}

/**
 * A parcel's file, and what a browser makes of it: the same, inflated.
 * @param {Parcel & {content: Buffer}} parcel
 * @param {number} [level] of compression, 19 at most
 */
export function framed({ head, content }, level = 19) {
  const words = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(words.length);
  return {
    squeezed: Buffer.concat([length, words, squeezed(content, level)]),
    inflated: Buffer.concat([length, words, content]),
  };
}

/**
 * @param {Buffer} content
 * @param {number} level
 */
function squeezed(content, level) {
  const { ZSTD_c_compressionLevel, ZSTD_c_windowLog, ZSTD_c_checksumFlag } = constants;
  return zstdCompressSync(content, {
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_windowLog]: 24, [ZSTD_c_checksumFlag]: 1 },
  });
}

/**
 * All files below a folder, in a fixed order.
 * @param {string} folder
 * @param {string} place of the folder in the browser's Python
 * @returns {Files}
 */
export function tree(folder, place) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return paths.map((path) => [place + path.slice(folder.length).split(sep).join("/"), readFileSync(path)]);
}
