/**
 * Makes a page alive: finds cells, instruments and exercises and gives each its script. Fetches no Python by itself.
 */

import { onApproach } from "./approach.js";
import { asked } from "./asked.js";
import { Cell } from "./cell.js";
import { followReading, showProgress } from "./contents.js";
import { exercises } from "./exercise.js";
import { Instrument } from "./instrument.js";
import { printSolutionsLast } from "./print.js";
import { Python } from "./python.js";
import { Store } from "./store.js";
import { Supplier } from "./supplies.js";
import { Trail } from "./trail.js";

/** @import {FileEntry, Manifest} from "./protocol.js" */

/** @param {string} selector */
const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

for (const main of all("[data-embed]")) (await import("./embed.js")).showOne(main);
const store = new Store(location.pathname);
for (const rail of all("[data-contents]")) followReading(rail);
printSolutionsLast();
for (const line of all("[data-read]")) showProgress(line);
for (const button of all("[data-action=present]")) {
  button.onclick = async () => (await import("./present.js")).present(button);
}
for (const panel of all("[data-memory]")) work(panel);
/** @type {Map<string, Cell>} */
const cells = new Map();
const practices = all("main").map((page) => exercises(page, store, cells));
for (const kind of ["pointerover", "focusin", "click", "keydown"]) addEventListener(kind, asked);
for (const panel of all("[data-offline]")) offline(panel);
for (const words of all("[data-asleep]")) words.remove();
const text = document.getElementById("runtime")?.textContent;
if (text) awaken(absolute(JSON.parse(text)));

/** @param {HTMLElement} panel */
function work(panel) {
  const status = /** @type {HTMLElement} */ (panel.querySelector("[data-status]"));
  for (const type of ["click", "change"])
    panel.addEventListener(type, async (event) => (await import("./memory.js")).memory(status, store, event));
  if (!store.kept) status.textContent = "This browser keeps nothing here: export your work before you leave the page.";
}

/**
 * The panel's script comes when a reader turns to it, or has kept the chapter before.
 * @param {HTMLElement} panel
 */
function offline(panel) {
  const act = async (/** @type {string} */ action) => (await import("./keeping.js")).keeping(panel, action);
  panel.addEventListener("click", ({ target }) => {
    const action = target instanceof Element ? target.closest("button")?.dataset.action : "";
    if (action) act(action);
  });
  if (navigator.serviceWorker?.controller) act("");
}

/** @param {Manifest} manifest */
function awaken(manifest) {
  const supplier = new Supplier({ ...manifest.files, worker: manifest.worker, gateway: manifest.gateway });
  const role = (/** @type {boolean} */ trusted) => new Python(manifest, supplier, { trusted });
  const [python, labs] = [role(true), role(true)];
  const editor = () => import(manifest.editor);
  const desk = {
    python: role(false),
    store,
    cells,
    editor,
    ahead: () => fetchAhead([editor, () => import("./share.js"), () => import("./memory.js"), ...practices]),
  };
  for (const figure of all("[data-cell]")) {
    const cell = new Cell(figure, desk);
    cells.set(cell.name, cell);
    onApproach(figure, () => desk.python.warm());
  }
  const trail = new Trail();
  for (const section of all("[data-instrument]")) {
    const instrument = new Instrument(section, { python, labs, store, trail });
    trail.add(instrument);
    onApproach(section, () => instrument.warm());
  }
  addEventListener("hashchange", visitLink);
  visitLink();
  trail.visit();
}

/**
 * Who runs a cell may soon change it, share or save it, or do an exercise, perhaps without network.
 * @param {(() => Promise<unknown>)[]} loads
 */
function fetchAhead(loads) {
  for (const load of loads) load().catch(() => {});
}

async function visitLink() {
  if (!location.hash.includes("?code=")) return;
  const { codeIn, unpack } = await import("./share.js");
  const link = codeIn(location.hash);
  const name = document.getElementById(link?.anchor ?? "")?.dataset.cell;
  if (link && name) cells.get(name)?.visit(await unpack(link.packed));
}

/**
 * The manifest with absolute URLs, as a worker made from a blob needs them.
 * @param {Manifest} manifest
 * @returns {Manifest}
 */
function absolute(manifest) {
  const at = (/** @type {string} */ url) => new URL(url, document.baseURI).href;
  const file = (/** @type {FileEntry} */ file) => ({ ...file, url: at(file.url) });
  const files = Object.entries(manifest.files).map(([name, entry]) => [name, file(entry)]);
  return {
    ...manifest,
    worker: file(manifest.worker),
    gateway: file(manifest.gateway),
    editor: at(manifest.editor),
    engine: at(manifest.engine),
    files: Object.fromEntries(files),
  };
}
