/**
 * Search over the whole book. The index is a file of the site, fetched when first asked for; nothing is sent anywhere.
 * `/` opens, the arrow keys walk through what was found, Enter goes there, Esc closes.
 */

/** Where it stands, what it is called, its title, its text. @typedef {[string, string, string, string]} Entry */

const MOST = 20;
const AROUND = 60;
const base = document.documentElement.dataset.base ?? "";

/** @type {HTMLDialogElement | null} */
let dialog = null;

export function search() {
  dialog ??= made();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input")?.select();
}

function made() {
  const box = Object.assign(document.createElement("dialog"), { className: "search", ariaLabel: "Search" });
  const field = Object.assign(document.createElement("input"), {
    type: "search",
    className: "field",
    placeholder: "Words, a number, an author",
    ariaLabel: "Search the book",
  });
  const status = Object.assign(document.createElement("p"), { className: "status", role: "status" });
  const list = document.createElement("ol");
  box.append(field, status, list);
  (document.querySelector("main") ?? document.body).append(box);
  const entries = load();
  field.addEventListener("input", async () => {
    const words = field.value;
    const known = await entries;
    if (!known) status.textContent = "The index could not be fetched. Reload the page to try again.";
    else if (words === field.value) show(list, status, find(known, words), words);
  });
  box.addEventListener("keydown", (event) => walk(event, field, list));
  box.addEventListener("click", ({ target }) => {
    if (target === box || (target instanceof Element && target.closest("a"))) box.close();
  });
  return box;
}

/** @returns {Promise<Entry[] | null>} null if it cannot be had */
async function load() {
  try {
    const answer = await fetch(`${base}search.json`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} words */
const wordsOf = (words) => folded(words).split(/\s+/).filter(Boolean);

/**
 * The entries that hold every word, best first.
 * @param {Entry[]} entries
 * @param {string} words
 */
export function find(entries, words) {
  const wanted = wordsOf(words);
  if (!wanted.length) return [];
  return entries
    .map((entry) => ({ entry, score: score(entry, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/**
 * 0 if a word is missing; a name weighs more than a title, a title more than text, the start of a word more than its middle.
 * @param {Entry} entry
 * @param {string[]} wanted
 */
function score([, name, title, text], wanted) {
  const scores = wanted.map((word) => 32 * rank(name, word) + 8 * rank(title, word) + rank(text, word));
  return Math.min(...scores) > 0 ? scores.reduce((sum, each) => sum + each) : 0;
}

/**
 * @param {string} text
 * @param {string} word
 */
function rank(text, word) {
  const lower = ` ${folded(text)} `;
  const at = lower.indexOf(word);
  if (at < 0) return 0;
  const starts = lower.search(new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}`, "u")) >= 0;
  const whole = starts && lower.search(new RegExp(`[^\\p{L}\\p{N}]${escaped(word)}[^\\p{L}\\p{N}]`, "u")) >= 0;
  return 1 + Number(starts) + Number(whole);
}

/** @param {string} text */
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} status
 * @param {Entry[]} hits
 * @param {string} words
 */
function show(list, status, hits, words) {
  list.replaceChildren(...hits.slice(0, MOST).map((hit) => row(hit, wordsOf(words))));
  const many = hits.length > MOST ? `, the best ${MOST} shown` : "";
  status.textContent = words.trim() ? `${hits.length || "No"} place${hits.length === 1 ? "" : "s"}${many}` : "";
}

/**
 * @param {Entry} entry
 * @param {string[]} wanted
 */
function row([address, name, title, text], wanted) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: base + address });
  const number = Object.assign(document.createElement("span"), { className: "mono", textContent: name });
  const at = Math.max(0, ...wanted.map((word) => folded(text).indexOf(word)));
  const from = at > AROUND ? text.indexOf(" ", at - AROUND) + 1 : 0;
  const about = document.createElement("small");
  about.textContent = (from ? "… " : "") + text.slice(from, from + 3 * AROUND);
  link.append(number, ` ${title}`, about);
  item.append(link);
  return item;
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
