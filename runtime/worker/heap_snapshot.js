/**
 * The heap image: a picture of the engine's memory, taken by the build when numpy and the project's Python had been
 * imported, put back into a fresh engine instead of starting Python. Also the parcels of files that belong to it.
 * Used by the worker and, to make the image, by `press/browser/heap_snapshot.mjs`. Fetches nothing; anything unexpected is thrown.
 */

/** Slots of the function table before the first side module: the engines' own use differs by a few. */
const TABLE = 16384;
/** Bytes in a block, the unit in which the image says what differs from a fresh engine's memory. */
export const BLOCK = 64;

/**
 * Head of a parcel. `size` is that of the content: runs (pairs of 32-bit counts: blocks to skip, blocks to write), then
 * the blocks, then the files one after another.
 * @typedef {{size: number, runs: number, files: [string, number][], heap: Heap | null}} Head
 */

/**
 * What a fresh engine must be like, and become. `sides`: side modules (name, path) in the order they are linked;
 * `bases`: length of the function table and first free byte after each; `zone`: time zone words, see C's tzset;
 * `switching`: address of the word that depends on whether the browser can switch stacks, value if not, value if so.
 * @typedef {{build: string, sides: [string, string][], bases: [number, number][], table: number, length: number,
 *   handles: [number, string][], zone: number[], switching: [number, number, number], state: object}} Heap
 */

/** @typedef {{head: Head, content: Uint8Array}} Parcel */

/**
 * A parcel as it travels: length of the head, head (JSON), content as it is or as a Zstandard frame.
 * @param {ArrayBuffer} file
 * @returns {Parcel}
 */
export function parcel(file) {
  const length = new DataView(file).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, length)));
  return { head, content: new Uint8Array(file, 4 + length) };
}

/**
 * The parcel's file with its content inflated by the decoder that Python's own `zstd` module uses. The frame carries a
 * checksum.
 * @param {any} engine
 * @param {ArrayBuffer} file
 */
export function inflated(engine, file) {
  const { head, content } = parcel(file);
  if (content.length === head.size) return file;
  const whole = new Uint8Array(content.byteOffset + head.size);
  whole.set(new Uint8Array(file, 0, content.byteOffset));
  const [to, from] = [engine._malloc(head.size), engine._malloc(content.length)];
  if (!to || !from) throw new Error("no memory to inflate a parcel");
  engine.HEAPU8.set(content, from);
  const size = engine._ZSTD_decompress(to, head.size, from, content.length);
  if (size === head.size) whole.set(engine.HEAPU8.subarray(to, to + size), content.byteOffset);
  engine._free(from);
  engine._free(to);
  if (size !== head.size) throw new Error("a parcel is damaged");
  return whole.buffer;
}

/**
 * Writes the files of an inflated parcel.
 * @param {any} engine
 * @param {Parcel} parcel
 */
export function install({ FS }, { head, content }) {
  let end = content.length;
  for (const [path, length] of head.files.toReversed()) {
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, content.slice(end - length, end), { canOwn: true });
    end -= length;
  }
}

/**
 * A maker of engines that wakes each from the image. `keep` hears the inflated file, from which the next start is
 * faster.
 * @param {(settings: any) => Promise<any>} make the engine's own maker
 * @param {ArrayBuffer} file
 * @param {Record<string, WebAssembly.Module>} modules
 * @param {(file: ArrayBuffer) => void} keep
 */
export function waking(make, file, modules, keep) {
  const { heap } = parcel(file).head;
  if (!heap) throw new Error("the parcel holds no heap");
  return async (/** @type {any} */ settings) => {
    if (!settings.noInitialRun) throw new Error("the engine knows no snapshots any more");
    if (settings.API.config.BUILD_ID !== heap.build) throw new Error("the image is of another build of the engine");
    const engine = await make(linking(settings, modules, heap.sides, (bases) => agree(bases, heap.bases)));
    if (typeof engine.API.restoreSnapshot !== "function") throw new Error("the engine cannot restore a snapshot");
    engine.API.restoreSnapshot = () => {
      const whole = inflated(engine, file);
      keep(whole);
      return restore(engine, heap, parcel(whole));
    };
    return engine;
  };
}

/** @param {unknown} found @param {unknown} expected */
function agree(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error("the side modules landed elsewhere");
}

/**
 * The engine's settings, made to link the side modules before Python starts; `tell` hears where they landed.
 * @param {any} settings
 * @param {Record<string, WebAssembly.Module>} modules
 * @param {[string, string][]} sides
 * @param {(bases: [number, number][], engine: any) => void} tell
 */
export function linking(settings, modules, sides, tell) {
  shorten(settings);
  settings.preRun.push((/** @type {any} */ engine) => {
    engine.wasmTable.grow(TABLE - engine.wasmTable.length);
    tell(
      sides.map(([name, path]) => link(engine, modules[name], path)),
      engine,
    );
  });
  return settings;
}

/**
 * @param {any} engine
 * @param {WebAssembly.Module | undefined} module
 * @param {string} path
 * @returns {[number, number]}
 */
function link(engine, module, path) {
  const library = engine.newDSO(path, undefined, "loading");
  Object.assign(library, { refcount: Number.POSITIVE_INFINITY, global: false });
  library.exports = engine.loadWebAssemblyModule(module, { nodelete: true, global: false }, path, {});
  return [engine.wasmTable.length, top(engine)];
}

/**
 * The first byte that was never allocated.
 * @param {any} engine
 */
export function top(engine) {
  return engine.HEAPU32[engine._emscripten_get_sbrk_ptr() >> 2];
}

/**
 * Keeps the engine's symbol table short. It would enter every function it exports, thousands, and go through them all
 * for each side module; entries that a side module asks for are made then. The table is filled from `exports` after
 * everything else has been read from there, which the engine shows by setting `wasmTable`.
 * @param {any} settings
 */
function shorten(settings) {
  const instantiate = settings.instantiateWasm;
  settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) =>
    instantiate(imports, (/** @type {WebAssembly.Instance} */ instance, /** @type {WebAssembly.Module} */ module) => {
      const symbols = WebAssembly.Module.imports(module).filter((entry) => entry.module.startsWith("GOT."));
      const needed = new Set(symbols.map((entry) => entry.name));
      const exports = { ...instance.exports };
      const set = (/** @type {WebAssembly.Table} */ table) => {
        for (const name of Object.keys(exports)) if (!needed.has(name)) delete exports[name];
        Object.defineProperty(settings, "wasmTable", { value: table, writable: true, enumerable: true });
      };
      Object.defineProperty(settings, "wasmTable", { set, configurable: true });
      done({ exports }, module);
    });
}

/**
 * @param {any} engine
 * @param {Heap} heap
 * @param {Parcel} parcel inflated
 */
function restore(engine, heap, { head, content }) {
  const { wasmTable, LDSO } = engine;
  if (wasmTable.length > heap.table) throw new Error("the function table is too long");
  const used = top(engine);
  if (engine.HEAPU8.length < heap.length) engine.growMemory(heap.length);
  if (engine.HEAPU8.length < heap.length) throw new Error("no memory for the image");
  const [word, call] = trampoline(engine);
  engine.HEAPU8.fill(0, heap.bases.at(-1)?.[1], used);
  write(engine.HEAPU8, head, content);
  engine.HEAP32[word] = call;
  const [address, unable, able] = heap.switching;
  engine.HEAPU32[address >> 2] = engine.jspiSupported ? able : unable;
  for (const [handle, path] of heap.handles) LDSO.loadedLibsByHandle[handle] = LDSO.loadedLibsByName[path];
  wasmTable.grow(heap.table - wasmTable.length);
  engine.__tzset_js(...heap.zone);
  return heap.state;
}

/**
 * Python's word for the function through which it calls others, and its value: each browser has its own.
 * @param {any} engine
 * @returns {[number, number]}
 */
function trampoline(engine) {
  const word = (engine.__PyRuntime + engine.HEAP32[engine.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >> 2]) >> 2;
  return [word, engine.HEAP32[word]];
}

/**
 * @param {Uint8Array} memory
 * @param {Head} head
 * @param {Uint8Array} content
 */
function write(memory, head, content) {
  const pairs = new DataView(content.buffer, content.byteOffset);
  let from = head.runs * 8;
  for (let run = 0, to = 0; run < head.runs; run++) {
    to += pairs.getUint32(run * 8, true) * BLOCK;
    const length = pairs.getUint32(run * 8 + 4, true) * BLOCK;
    memory.set(content.subarray(from, from + length), to);
    to += length;
    from += length;
  }
}
