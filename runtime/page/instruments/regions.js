/**
 * The pictures, tables and readouts of an instrument. A region is replaced only when its markup differs; what the
 * reader holds (focus, an open list, a loaded picture) survives. The markup comes from the book's own Python.
 */

import { localised } from "../../engine/numbers.js";
import { elements } from "../sanitizer.js";

/**
 * @param {HTMLElement} section
 * @param {Record<string, string>} markups by region name
 */
export function showRegions(section, markups) {
  for (const region of section.querySelectorAll("[data-region]")) {
    const markup = markups[region.getAttribute("data-region") ?? ""];
    if (markup !== undefined && region instanceof HTMLElement) show(region, markup);
  }
}

/**
 * Mark the links to states whose settings are those of the present one.
 * @param {HTMLElement} section
 * @param {Record<string, unknown>} state
 */
export function showTries(section, state) {
  for (const link of section.querySelectorAll("[data-tries] a")) {
    const set = Object.entries(JSON.parse(link.getAttribute("data-set") ?? "{}"));
    link.setAttribute("aria-current", String(set.every(([field, value]) => String(state[field]) === value)));
  }
}

/** @type {WeakMap<HTMLElement, string>} */
const shown = new WeakMap();

/**
 * @param {HTMLElement} region
 * @param {string} markup
 */
function show(region, markup) {
  if (shown.get(region) === markup) return;
  shown.set(region, markup);
  const made = elements(markup);
  localise(made);
  for (const table of made.querySelectorAll(".table-scroll")) table.setAttribute("aria-label", WORDS.instrument.table);
  const focused = region.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  for (const old of region.querySelectorAll("[data-key]")) {
    const fresh = byKey(made, keyOf(old));
    if (fresh) carryOver(old, fresh);
  }
  region.replaceChildren(made);
  whole(region).hidden = markup === "";
  const again = byKey(region, focused);
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
}

/** @param {DocumentFragment} made its numbers are as Python writes them */
function localise(made) {
  if (WORDS.language.decimal === ".") return;
  const texts = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    const figures = localised(text.nodeValue ?? "");
    if (figures !== text.nodeValue) text.nodeValue = figures;
  }
}

/** @param {HTMLElement} region @returns {HTMLElement} the region with its title */
function whole(region) {
  return region.closest(".region") ?? region;
}

/**
 * A picture's key tells its content: one that the page loaded as a file stays, though Python sends it as text.
 * @param {Element} old
 * @param {Element} fresh
 */
function carryOver(old, fresh) {
  if (old instanceof HTMLDetailsElement && fresh instanceof HTMLDetailsElement) fresh.open = old.open;
  if (!old.matches("img, image")) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!/^(src|href)$/.test(name)) old.setAttribute(name, value);
  fresh.replaceWith(old); // already decoded: no flicker
}

/** @param {Element | null} element */
function keyOf(element) {
  return element?.getAttribute("data-key") ?? null;
}

/**
 * @param {ParentNode} within
 * @param {string | null} key
 */
function byKey(within, key) {
  return key === null ? null : within.querySelector(`[data-key="${CSS.escape(key)}"]`);
}
