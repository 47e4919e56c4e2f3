/**
 * Makes a page alive: finds cells, instruments and exercises and gives each its script. Fetches no Python by itself.
 */

import { Python } from "../engine/python.js";
import { Supplier } from "../engine/python_files.js";
import { onApproach } from "./approach.js";
import { Cell } from "./cells/cell.js";
import { exercises } from "./exercises/exercise.js";
import { Instrument } from "./instruments/instrument.js";
import { part, say } from "./missing_parts.js";
import { asked } from "./on_demand.js";
import { printSolutionsLast } from "./reading/print.js";
import { Store } from "./storage/store.js";

/** @import {State} from "./instruments/controls.js" */
/** @import {FileEntry, Manifest} from "../engine/protocol.js" */
/** @import {Trail} from "./instruments/history.js" */

/** @param {string} selector */
const all = (selector) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]);

for (const main of all("[data-embed]")) (await import("./embed.js")).showOne(main);
const store = new Store(location.pathname);
addEventListener("scroll", follow, { once: true, passive: true });
printSolutionsLast();
for (const button of all("[data-action=present]")) {
  button.onclick = async () => (await part(WORDS.part.slides, () => import("./reading/slides.js")))?.present(button);
}
store.onTrouble = async (keys) => {
  const unkept = await part(WORDS.part.notice, () => import("./storage/storage_notice.js"));
  unkept?.showUnkept(keys, store.trouble);
};
for (const panel of all("[data-memory]")) work(panel);
/** @type {Map<string, Cell>} */
const cells = new Map();
const practices = all("main").flatMap((page) => exercises(page, store, cells));
for (const kind of ["pointerover", "focusin", "click", "keydown"]) addEventListener(kind, asked);
for (const panel of all("[data-offline]")) offline(panel);
document.addEventListener("selectionchange", selecting, { once: true });
for (const words of all("[data-asleep]")) words.remove();
const text = document.getElementById("runtime")?.textContent;
if (text) awaken(absolute(JSON.parse(text)));

function selecting() {
  import("./reading/copy_tex.js").then(({ copyTex }) => copyTex()).catch(() => {}); // copied as the browser does it
}

/** Who scrolls wants to know where they are; nobody misses it who cannot be told. */
function follow() {
  const [rail, line] = [all("[data-contents]"), all("[data-read]")];
  import("./reading/contents.js").then(
    ({ followReading, showProgress }) => {
      rail.forEach(followReading);
      line.forEach(showProgress);
    },
    () => {},
  );
}

/** @param {HTMLElement} panel */
function work(panel) {
  const status = /** @type {HTMLElement} */ (panel.querySelector("[data-status]"));
  const act = async (/** @type {Event} */ event) =>
    (await part(WORDS.part.panel, () => import("./storage/work_panel.js")))?.memory(status, store, event);
  for (const type of ["click", "change"]) panel.addEventListener(type, act);
  if (store.trouble || store.get("before file")) act(new Event("load"));
}

/**
 * The panel's script comes when a reader turns to it, or has kept the chapter before.
 * @param {HTMLElement} panel
 */
function offline(panel) {
  const act = async (/** @type {string} */ action) =>
    (await part(WORDS.part.panel, () => import("../offline/panel.js")))?.keeping(panel, action);
  panel.addEventListener("click", ({ target }) => {
    const action = target instanceof Element ? target.closest("button")?.dataset.action : "";
    if (action) act(action);
  });
  try {
    if (navigator.serviceWorker?.controller) act("");
  } catch {} // a frame without rights
}

/** @param {Manifest} manifest */
function awaken(manifest) {
  const supplier = new Supplier({ ...manifest.files, worker: manifest.worker, gateway: manifest.gateway });
  const role = (/** @type {boolean} */ trusted) => new Python(manifest, supplier, { trusted });
  const [python, labs] = [role(true), role(true)];
  const editor = () => import(manifest.editor);
  const desk = {
    python: role(false),
    judges: python,
    store,
    cells,
    editor,
    ahead: () =>
      fetchAhead([
        editor,
        () => import("./cells/draft.js"),
        () => import("./cells/code_link.js"),
        () => import("./storage/work_panel.js"),
        () => import("./storage/storage_notice.js"),
        ...practices,
      ]),
  };
  for (const figure of all("[data-cell]")) {
    const cell = new Cell(figure, desk);
    cells.set(cell.name, cell);
    onApproach(figure, () => cell.warm());
    for (const type of ["pointerdown", "focusin"])
      figure.addEventListener(type, () => cell.attend(), { once: true, passive: true });
  }
  /** @type {Map<string, Instrument>} */
  const instruments = new Map();
  /** @type {Record<string, State>} */
  const first = {};
  /** @type {Promise<Trail | undefined> | undefined} */
  let made;
  const trail = () => {
    made ??= part(
      WORDS.part.steps,
      async () => new (await import("./instruments/history.js")).Trail(instruments, first, store),
    );
    return made;
  };
  for (const section of all("[data-instrument]")) {
    const instrument = new Instrument(section, { python, labs, store, trail });
    instruments.set(instrument.id, instrument);
    first[instrument.id] = instrument.differing;
    onApproach(section, () => instrument.warm());
  }
  if (history.state?.instruments) trail();
  document.addEventListener("click", (event) => followState(event, trail));
  const visit = async () => {
    if (!/\?|%3F/i.test(location.hash)) return;
    (await part(WORDS.part.link, () => import("./visit.js")))?.visit(location.hash, cells, trail, say);
  };
  addEventListener("hashchange", visit);
  visit();
}

/**
 * A link in the text that puts an instrument into a state.
 * @param {MouseEvent} event
 * @param {() => Promise<Trail | undefined>} trail
 */
async function followState(event, trail) {
  const link = event.target instanceof Element ? event.target.closest("a[data-instrument-link]") : null;
  if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  (await trail())?.follow(link);
}

/**
 * Who runs a cell may soon change it, share or save it, or do an exercise, perhaps without network.
 * @param {(() => Promise<unknown>)[]} loads
 */
function fetchAhead(loads) {
  for (const load of loads) load().catch(() => {});
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
