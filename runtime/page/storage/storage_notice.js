/**
 * Says beside what the reader writes that it is not kept, and why, for as long as it is so. Loaded when the browser's
 * storage does not take an entry.
 */

import { fill } from "../../engine/words.js";

/** Where the entries of a kind are written. @type {Record<string, (name: string) => string>} */
const PLACES = {
  cell: (name) => `[data-cell="${name}"] > .cell-bar`,
  answer: (name) => `[data-exercise="${name}"] > [data-verdict]`,
  typed: (name) => `[data-exercise="${name}"] > [data-verdict]`,
  instrument: (name) => `#${name} form[data-controls]`,
};

/**
 * @param {string[]} keys of the entries that are not kept
 * @param {string} why
 */
export function showUnkept(keys, why) {
  for (const old of document.querySelectorAll("[data-unkept]")) old.remove();
  for (const key of keys) {
    const [kind = "", name = ""] = key.split(" ");
    const place = document.querySelector(PLACES[kind]?.(CSS.escape(name)) ?? "[data-memory] .memory-acts");
    place?.before(notice(why));
  }
}

/** @param {string} why */
function notice(why) {
  const box = Object.assign(document.createElement("p"), { className: "notice" });
  box.dataset.unkept = "";
  box.setAttribute("role", "status");
  box.textContent = fill(WORDS.work.not_all_kept, { reason: why });
  return box;
}
