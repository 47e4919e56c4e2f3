/**
 * What is fetched when a reader first asks for it: cards beside links, figures that move, search, keys, copying. Does none
 * of it itself.
 */

import { part } from "./missing_parts.js";

const LINKS = "a.cite, a.label";
/** Where a key is a letter, or belongs to what has the focus. */
const TYPING = "input, textarea, select, [contenteditable], [role=application], dialog";
/** What `keys.js` knows. */
const KEYS = /^[?cefi]$/i;

/** @param {Event} event */
export async function asked(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  const on = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (target.closest(selector));
  if (event instanceof KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || on(TYPING)) return;
    if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (KEYS.test(event.key)) keys(event.key);
  } else if (event.type === "click") {
    const copying = on("[data-copy]");
    if (copying) (await part(WORDS.part.copying, () => import("./reading/copy.js")))?.copy(copying);
    if (on("[data-search]")) search();
    if (on("[data-key-list]")) keys("?");
    const link = on("a.cite, a.label-term");
    if (!(link instanceof HTMLAnchorElement) || !matchMedia("(hover: none)").matches || link.closest("dialog")) return;
    event.preventDefault();
    const cards = await part(WORDS.part.card, () => import("./reading/link_card.js"));
    if (cards) cards.sheet(link);
    else location.assign(link.href);
  } else {
    const slider = on("[data-frames]");
    if (slider) (await part(WORDS.part.figure, () => import("./reading/scrubber.js")))?.scrub(slider);
    const link = on(LINKS);
    const meant = event instanceof PointerEvent ? event.pointerType === "mouse" : link?.matches(":focus-visible");
    if (!link || !meant) return;
    const cards = await part(WORDS.part.card_beside, () => import("./reading/link_card.js"));
    if (link.matches(":hover, :focus-visible")) cards?.card(link); // the reader may have gone on meanwhile
  }
}

/** @param {string} key */
async function keys(key) {
  (await part(WORDS.part.keys, () => import("./reading/keys.js")))?.press(key);
}

async function search() {
  (await part(WORDS.part.search, () => import("./reading/search.js")))?.search();
}
