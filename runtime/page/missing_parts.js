/**
 * Says that a part of the page could not be loaded, and offers to load the page anew: the book may have been published
 * again since, or something in the browser keeps the part away.
 */

import { fill } from "../engine/words.js";

/** @type {HTMLElement | null} */
let box = null;

/** @param {string} part the beginning of a sentence */
export function missing(part) {
  say(fill(WORDS.site.loading_failed, { part }), WORDS.site.reload, () => location.reload());
}

/**
 * @param {string} words
 * @param {string} [label]
 * @param {() => void} [act]
 */
export function say(words, label = WORDS.site.close, act = () => box?.remove()) {
  box ??= Object.assign(document.createElement("p"), { className: "card" });
  box.style.cssText = "position:fixed;inset:auto 1rem 1rem auto";
  box.setAttribute("role", "alert");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: label, onclick: act });
  box.replaceChildren(words, " ", button);
  document.body.append(box);
}

/**
 * A part of the page, when it is needed; where it cannot be had the reader is told.
 * @template T
 * @param {string} part the beginning of a sentence
 * @param {() => Promise<T>} load
 * @returns {Promise<T | undefined>}
 */
export async function part(part, load) {
  try {
    return await load();
  } catch {
    missing(part);
    return undefined;
  }
}
