/**
 * Search over the whole book. The index is a file of the site, fetched when first asked for; nothing is sent anywhere.
 * `/` opens, the arrow keys walk through what was found, Enter goes there, Esc closes.
 */

import { counted, figures } from "../../engine/numbers.js";
import { fill } from "../../engine/words.js";
import { indexOf, marked } from "./search_index.js";

/** @import {Hit} from "./search_index.js" */

const MOST = 20;
/** Characters shown before the first word that was found; CSS cuts what two lines don't hold. */
const AROUND = 60;
/** Pieces of text and formulas shown before the one in which a word was found. */
const BEFORE = 2;
/** What a passage can be. */
const PASSAGES = ".equation-body, p:not(.block-head, :has(> dfn)), li, dd, pre, tr";
const base = document.documentElement.dataset.base ?? "";

/** @type {HTMLDialogElement | null} */
let dialog = null;

export function search() {
  dialog ??= made();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input")?.select();
}

function made() {
  const box = Object.assign(document.createElement("dialog"), { className: "search", ariaLabel: WORDS.search.search });
  const field = Object.assign(document.createElement("input"), {
    type: "search",
    className: "field",
    placeholder: WORDS.search.what,
    ariaLabel: WORDS.search.book,
  });
  const status = Object.assign(document.createElement("p"), { className: "status", role: "status" });
  const list = document.createElement("ol");
  box.append(field, status, list);
  (document.querySelector("main") ?? document.body).append(box);
  const index = load();
  field.addEventListener("input", async () => {
    const words = field.value.trim();
    const find = await index;
    if (!find) status.textContent = WORDS.search.missing;
    else if (words === field.value.trim()) show(list, status, words ? find(words) : null);
  });
  box.addEventListener("keydown", (event) => walk(event, field, list));
  box.addEventListener("click", ({ target }) => {
    if (target === box || (target instanceof Element && target.closest("a"))) box.close();
  });
  return box;
}

/** @returns {Promise<((words: string) => Hit[]) | null>} null if it cannot be had */
async function load() {
  try {
    const answer = await fetch(`${base}search.json`);
    return answer.ok ? indexOf(await answer.json()) : null;
  } catch {
    return null;
  }
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} status
 * @param {Hit[] | null} hits null: nothing was asked
 */
function show(list, status, hits) {
  list.replaceChildren(...(hits ?? []).slice(0, MOST).map(row));
  status.textContent = hits ? inWords(hits.length) : "";
}

/** @param {number} many */
function inWords(many) {
  if (many > MOST) return fill(WORDS.search.best, { count: figures(many), shown: MOST });
  return many ? counted(WORDS.search.found.one, WORDS.search.found.other, many, {}) : WORDS.search.none;
}

/** @param {Hit} hit */
function row({ entry, terms }) {
  const [address, name, title, text] = entry;
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: base + address });
  const number = Object.assign(document.createElement("span"), { className: "mono" });
  number.append(...pieces(name, terms));
  const about = document.createElement("small");
  about.append(...around(passage(address, terms) ?? [text], terms));
  link.append(number, " ", ...pieces(title, terms), about);
  item.append(link);
  return item;
}

/**
 * @param {string} text
 * @param {Set<string>} terms
 */
function pieces(text, terms) {
  return marked(text, terms).map((piece, at) => {
    if (at % 2 === 0) return document.createTextNode(piece);
    return Object.assign(document.createElement("mark"), { textContent: piece });
  });
}

/**
 * What this page says at a place, with its formulas: the passage in which a word was found, or else the first; null
 * where the place is on another page.
 * @param {string} address
 * @param {Set<string>} terms
 */
function passage(address, terms) {
  const { pathname, hash } = new URL(base + address, document.baseURI);
  const here = folder(pathname) === folder(location.pathname);
  const place = here ? document.getElementById(hash.slice(1)) : null;
  const own = place?.matches("section.section") ? place.querySelectorAll(":scope > .prose") : place ? [place] : [];
  const texts = [...own].flatMap((one) => [...one.querySelectorAll(PASSAGES)]).map(parts);
  return texts.find((text) => text.some((part) => holds(part, terms))) ?? texts[0] ?? null;
}

/** @param {string} path of a page, or of the folder whose page it is */
const folder = (path) => path.replace(/index\.html$/, "");

/**
 * @param {string | Node} part
 * @param {Set<string>} terms
 */
function holds(part, terms) {
  return typeof part === "string" && marked(part, terms).length > 1;
}

/**
 * Text without its markup, and formulas as they are.
 * @param {Node} node
 * @returns {(string | Node)[]}
 */
function parts(node) {
  if (node instanceof Text) return [node.data];
  if (node instanceof Element && node.matches(".katex")) return [node];
  return [...node.childNodes].flatMap(parts);
}

/**
 * A text from shortly before the first word that was found.
 * @param {(string | Node)[]} text
 * @param {Set<string>} terms
 */
function around(text, terms) {
  const at = text.findIndex((part) => holds(part, terms));
  const start = Math.max(0, at - BEFORE);
  const shown = text.slice(start);
  const [first] = shown;
  if (start === at && typeof first === "string") shown[0] = shortened(first, terms);
  const begun = start || shown[0] !== first ? ["… "] : [];
  return [...begun, ...shown].flatMap((part) =>
    typeof part === "string" ? pieces(part, terms) : [part.cloneNode(true)],
  );
}

/**
 * @param {string} text
 * @param {Set<string>} terms
 */
function shortened(text, terms) {
  const at = marked(text, terms)[0]?.length ?? 0;
  return text.slice(at > AROUND ? text.indexOf(" ", at - AROUND) + 1 : 0);
}

/**
 * The arrow keys go from the field through the links and back.
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} field
 * @param {HTMLElement} list
 */
function walk(event, field, list) {
  const links = [...list.querySelectorAll("a")];
  if (event.key === "Escape") field.closest("dialog")?.close(); // a field of type search would only empty itself
  if (event.key === "Enter" && event.target === field) links[0]?.click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [field, ...links];
  const here = stops.findIndex((stop) => stop.matches(":focus"));
  stops[(here + step + stops.length) % stops.length]?.focus();
}
