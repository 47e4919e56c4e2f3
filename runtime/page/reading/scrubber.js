/** Moves a figure whose states were drawn when the page was built: shows the one that its slider stands at. */

import { missing } from "../missing_parts.js";

/** A picture for a page, one for a phone, and what they show. @typedef {[string, string, string]} State */

/** @type {WeakSet<HTMLElement>} */
const moving = new WeakSet();

/** @param {HTMLElement} slider which has been turned to */
export async function scrub(slider) {
  if (!(slider instanceof HTMLInputElement) || moving.has(slider)) return;
  moving.add(slider);
  try {
    const file = await fetch(slider.dataset.frames ?? "");
    follow(slider, await file.json());
  } catch {
    moving.delete(slider); // the next turn tries again
    missing(WORDS.part.states);
  }
}

/**
 * @param {HTMLInputElement} slider
 * @param {State[]} states
 */
function follow(slider, states) {
  const figure = slider.closest("figure");
  const [narrow, wide, words] = ["source", "img", ".frame-words"].map((each) => figure?.querySelector(each));
  const show = () => {
    const state = states[slider.valueAsNumber];
    if (!state || !narrow || !wide || !words) return;
    wide.setAttribute("src", state[0]);
    narrow.setAttribute("srcset", state[1]);
    words.textContent = state[2];
    slider.setAttribute("aria-valuetext", state[2]);
  };
  slider.addEventListener("input", show);
  show();
  const phone = wide instanceof HTMLImageElement && wide.currentSrc.endsWith(narrow?.getAttribute("srcset") ?? "");
  for (const state of states) new Image().src = state[phone ? 1 : 0];
}
