/**
 * A card beside a link: the equation, work or block it leads to, taken from the page itself. Shown on hover and on
 * keyboard focus, gone with Esc or when both are left. It holds nothing to click: the link leads to the thing.
 *
 * Under a finger there is no hover: there a tap brings the card as a sheet from below, which holds the link.
 */

/** Milliseconds a pointer must rest on a link, and may be between the link and its card. */
const REST = 200;
const ID = "card";
/** What of a thing is shown. */
const HEAD = ".block-head";
/** What is shown where the head says too little or there is none, by the thing's class. @type {Record<string, string>} */
const PARTS = {
  equation: ".block-head, .equation-body, .caption",
  reference: "p:not(.reference-links, .reference-note *), .reference-note",
  exercise: ".block-head, .question",
  figure: ".block-head, figcaption",
  predict: ".block-head, .question",
  callout: ".callout-title, .callout-body",
  instrument: ".instrument-head",
  term: "p",
  section: "h2",
};

/** @type {HTMLElement | null} */
let shown = null;
/** @type {HTMLElement | null} */
let link = null;
let timer = 0;

/**
 * At once for the keyboard: a pointer that rests somewhere is told of what the page moves beneath it, and waits.
 * @param {HTMLElement} asked
 */
export function card(asked) {
  clearTimeout(timer);
  if (asked === link) return;
  if (asked.matches(":hover")) timer = setTimeout(() => show(asked), REST);
  else show(asked);
}

/** @param {HTMLElement} asked */
function show(asked) {
  hide();
  const parts = partsOf(asked);
  if (!parts.length) return;
  shown = Object.assign(document.createElement("div"), { id: ID, className: "card", role: "tooltip" });
  shown.append(...parts);
  link = asked;
  link.setAttribute("aria-describedby", ID);
  (document.querySelector("main") ?? document.body).append(shown);
  place(shown, link.getClientRects()[0] ?? link.getBoundingClientRect());
}

/**
 * The card as a sheet, closed by a tap anywhere; the focus then is on the link again.
 * @param {HTMLAnchorElement} asked
 */
export function sheet(asked) {
  const parts = partsOf(asked);
  if (!parts.length) return location.assign(asked.href);
  const box = Object.assign(document.createElement("dialog"), {
    className: "card sheet",
    ariaLabel: asked.textContent,
  });
  const way = Object.assign(document.createElement("a"), { href: asked.href, textContent: WORDS.search.go });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: WORDS.site.close });
  const acts = document.createElement("p");
  way.className = close.className = "button";
  acts.append(way, " ", close);
  box.append(...parts, acts);
  box.onclick = () => box.close();
  box.onclose = () => box.remove();
  (document.querySelector("main") ?? document.body).append(box);
  box.showModal();
}

function hide() {
  clearTimeout(timer);
  shown?.remove();
  link?.removeAttribute("aria-describedby");
  shown = link = null;
}

/**
 * Copies of what the link leads to on this page; none where it leads elsewhere.
 * @param {HTMLElement} asked
 */
function partsOf(asked) {
  const href = asked.getAttribute("href") ?? "";
  const thing = href.startsWith("#") ? document.getElementById(decodeURIComponent(href.slice(1))) : null;
  if (!thing || thing.contains(asked)) return [];
  const kind = [...thing.classList].find((name) => name in PARTS) ?? "";
  return [...thing.querySelectorAll(PARTS[kind] ?? HEAD)].map((part) => still(part.cloneNode(true)));
}

/**
 * A copy that is no second target, and has nothing to focus or to click.
 * @param {Node} copy
 */
function still(copy) {
  const part = /** @type {Element} */ (copy);
  for (const each of [part, ...part.querySelectorAll("*")])
    for (const name of ["id", "tabindex", "role", "aria-labelledby"]) each.removeAttribute(name);
  for (const each of part.querySelectorAll("a, button")) each.replaceWith(...each.childNodes);
  return part;
}

/**
 * Below the link, or above it where that has more room.
 * @param {HTMLElement} box
 * @param {DOMRect} beside in the window's coordinates
 */
function place(box, beside) {
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(8, Math.min(beside.left, clientWidth - box.offsetWidth - 8));
  const above = beside.bottom + box.offsetHeight > clientHeight && beside.top > clientHeight - beside.bottom;
  const top = above ? beside.top - box.offsetHeight : beside.bottom;
  Object.assign(box.style, { left: `${left + scrollX}px`, top: `${top + scrollY}px` });
}

addEventListener("keydown", ({ key }) => key === "Escape" && hide());
addEventListener("focusout", ({ target }) => target === link && hide());
addEventListener("pointerover", ({ target }) => {
  if (!(target instanceof Element) || target.closest("a.cite, a.label")) return;
  clearTimeout(timer);
  if (shown && !shown.contains(target) && !link?.matches(":focus-visible")) timer = setTimeout(hide, REST);
});
