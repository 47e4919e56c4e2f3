/**
 * The reader's work as a file, and back. A file may come from anybody: what does not look like an entry of this chapter
 * is left out and counted, code in it is marked as foreign, and what it replaces can be had back.
 */

import { counted } from "../../engine/numbers.js";
import { fill } from "../../engine/words.js";
import { unreadable } from "../cells/unreadable.js";
import { REPLACED } from "./store.js";

/** @import {Store} from "./store.js" */

const FORMAT = 1;
/** Bytes of a file, and characters of a cell, an answer, an instrument's state. */
const LARGEST = 5_000_000;
const LONGEST_CODE = 100_000;
const MOST_LINES = 10_000;
/** Entries of a file; a chapter has a few dozen cells, exercises and instruments. */
const MOST_ENTRIES = 1000;
const LONGEST_ANSWER = 2000;
const LONGEST_STATE = 20_000;
const NAME = /^(\w+) [\w-]{1,100}$/;
/** Characters of all that a file brings, as it is stored: what it replaces must find room beside it. */
const LARGEST_WORK = 1_000_000;
/** Files that can be taken back one by one. */
const MOST_STEPS = 10;
/** Among what a file replaced, what the file before it had replaced. */
const EARLIER = "";

const isText = (/** @type {any} */ value) => typeof value === "string" && value.length <= LONGEST_ANSWER;
const text = (/** @type {any} */ value) => (isText(value) ? value.toWellFormed() : undefined);
const isCount = (/** @type {any} */ value) => Number.isInteger(value) && value >= 0 && value < 1000;

/** The value as this chapter keeps it, or undefined where it is none. @type {Record<string, (value: any) => unknown>} */
const KINDS = {
  cell: code,
  earlier: code,
  answer: text,
  typed: text,
  guess: (value) => (isCount(value) ? value : text(value)),
  variant: (value) => (isCount(value) ? value : undefined),
  solved: (value) => {
    if (value === true) return true;
    const good = isCount(value?.variant) && isText(value?.answer);
    return good ? { variant: value.variant, answer: value.answer.toWellFormed() } : undefined;
  },
  instrument: (value) => (value && typeof value === "object" && isSmall(value) ? plain(value) : undefined),
};

/** @param {object} value */
function plain(value) {
  return Object.fromEntries(Object.entries(value).filter(([field]) => field !== "__proto__"));
}

/** @param {object} value */
function isSmall(value) {
  try {
    return JSON.stringify(value).length <= LONGEST_STATE;
  } catch {
    return false; // nested too deeply even to be written
  }
}

/**
 * Everything but what was replaced, as the text of a file.
 * @param {Store} store
 * @param {string} name of the reader, for whoever grades the file; may be empty
 */
export function exported(store, name) {
  const entries = Object.fromEntries(store.keys.map((key) => [key, store.get(key)]));
  const saved = new Date().toISOString();
  return JSON.stringify({ format: FORMAT, chapter: store.chapter, name: name.toWellFormed(), saved, entries }, null, 1);
}

/**
 * Take over the entries of a file; others stay.
 * @param {Store} store
 * @param {Blob} file
 * @returns {Promise<{words: string, undo: boolean}>} what came of it, and whether it can be undone
 */
export async function bringBack(store, file) {
  if (file.size > LARGEST) return refused(WORDS.work.too_large);
  const text = await file.text().catch(() => null); // gone, or forbidden, since it was chosen
  return text === null ? refused(WORDS.work.unreadable) : adopted(store, text);
}

/**
 * @param {Store} store
 * @param {string} text
 */
export function adopted(store, text) {
  const { trouble, entries } = read(text, store.chapter);
  if (trouble) return refused(trouble);
  const all = Object.entries(entries);
  const good = all.flatMap(([key, value]) => {
    const kind = NAME.exec(key)?.[1] ?? "";
    const clean = Object.hasOwn(KINDS, kind) ? KINDS[kind]?.(value) : undefined;
    return clean === undefined ? [] : [/** @type {[string, unknown]} */ ([key, clean])];
  });
  if (JSON.stringify(good).length > LARGEST_WORK) return refused(WORDS.work.too_large);
  const fresh = good.filter(([key, value]) => !same(store.get(key), value));
  const earlier = withRoom(store.get(REPLACED));
  /** By its key, null where nothing was there. @type {Record<string, unknown>} */
  const replaced = earlier ? { [EARLIER]: earlier } : {};
  for (const [key] of fresh) replaced[key] = store.get(key) ?? null;
  if (fresh.length) store.put(REPLACED, replaced);
  for (const [key, value] of fresh) {
    if (/^(cell|instrument) /.test(key)) store.shelve(key, WORDS.version.by_file);
    store.replace(key, value);
  }
  const odd = all.length - good.length;
  const words = [counted(WORDS.work.brought_back.one, WORDS.work.brought_back.other, fresh.length, {})];
  if (odd) words.push(counted(WORDS.work.left_out.one, WORDS.work.left_out.other, odd, {}));
  if (store.trouble) words.push(fill(WORDS.work.not_kept, { reason: store.trouble }));
  return { words: words.join(" "), undo: replacedByFile(store) };
}

/**
 * What files replaced, one within the other; where it has become much, as one step back to what was there before all of
 * them. What is the reader's own is never what gives way.
 * @param {Record<string, any> | undefined} replaced
 */
function withRoom(replaced) {
  const layers = [];
  for (let layer = replaced; layer; layer = layer[EARLIER]) layers.push(layer);
  if (layers.length < MOST_STEPS && (!replaced || JSON.stringify(replaced).length <= LARGEST_WORK)) return replaced;
  const { [EARLIER]: _, ...oldest } = Object.assign({}, ...layers);
  // What was not there before takes room only as long as there is enough.
  const there = () => Object.fromEntries(Object.entries(oldest).filter(([, value]) => value !== null));
  return JSON.stringify(oldest).length <= LARGEST_WORK ? oldest : there();
}

/** Whether there is something that a file replaced. @param {Store} store */
export function replacedByFile(store) {
  return store.get(REPLACED) !== undefined;
}

/** Undo what the last file did. @param {Store} store */
export function takeBack(store) {
  const { [EARLIER]: earlier, ...entries } = /** @type {Record<string, unknown>} */ (store.get(REPLACED) ?? {});
  for (const [key, value] of Object.entries(entries)) {
    if (/^(cell|instrument) /.test(key)) store.shelve(key, WORDS.version.by_going_back);
    store.replace(key, value ?? undefined);
  }
  store.put(REPLACED, earlier);
}

/**
 * @param {string} text
 * @param {string} chapter
 * @returns {{trouble: string, entries: object}}
 */
function read(text, chapter) {
  const file = parsed(text);
  const bad = (/** @type {string} */ trouble) => ({ trouble, entries: {} });
  const { entries, format } = file ?? {};
  if (typeof entries !== "object" || entries === null || Array.isArray(entries) || !Number.isInteger(format))
    return bad(WORDS.work.no_work);
  if (format !== FORMAT) return bad(WORDS.work.newer);
  if (file.chapter !== chapter) return bad(WORDS.work.other_chapter);
  if (Object.keys(entries).length > MOST_ENTRIES) return bad(WORDS.work.too_many);
  return { trouble: "", entries };
}

/** @param {any} value a version of a cell's code */
function code(value) {
  const good = typeof value?.of === "string" && value.of.length < 100 && typeof value.text === "string";
  if (!good || value.text.length > LONGEST_CODE || value.text.split("\n").length > MOST_LINES) return undefined;
  if (unreadable(value.text)) return undefined;
  return { of: value.of, text: value.text.toWellFormed(), from: "file", read: false };
}

/**
 * Whether an entry says the same; where code came from does not count.
 * @param {any} one
 * @param {any} other
 */
function same(one, other) {
  if (typeof one?.text === "string") return one.text === other.text && one.of === other.of;
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {string} words */
function refused(words) {
  return { words, undo: false };
}
