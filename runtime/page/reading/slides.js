/**
 * The chapter as slides: large type, one block of a section at a time. Arrow keys, Page keys of a remote control, Home
 * and End turn; Esc leaves, at the place last shown. Nothing in the page is moved, so instruments and cells go on.
 */

const TURNS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -Infinity, End: Infinity };
/** What needs the keys for itself. */
const HOLDS_KEYS = "input, select, textarea, summary, [contenteditable], [data-keys], [data-keys] *, pre";

/** @param {HTMLElement} opener gets the focus back */
export function present(opener) {
  const slides = gather();
  const bar = controls();
  const leave = new AbortController();
  let now = Math.max(
    0,
    slides.findLastIndex(([first]) => (first?.getBoundingClientRect().top ?? 1) < innerHeight / 3),
  );

  /** @param {number} step */
  const turn = (step) => {
    for (const part of slides[now] ?? []) part.classList.remove("is-shown");
    now = Math.min(Math.max(now + step, 0), slides.length - 1);
    for (const part of slides[now] ?? []) part.classList.add("is-shown");
    bar.place.textContent = `${now + 1} / ${slides.length}`;
    scrollTo(0, 0);
  };
  const end = () => {
    leave.abort();
    bar.whole.remove();
    delete document.documentElement.dataset.presenting;
    for (const part of slides[now] ?? []) part.classList.remove("is-shown");
    opener.focus({ preventScroll: true });
    slides[now]?.[0]?.scrollIntoView();
  };

  document.documentElement.dataset.presenting = "";
  document.body.append(bar.whole);
  bar.acts.forEach((button, place) => {
    button.addEventListener("click", () => (place === 2 ? end() : turn(place ? 1 : -1)));
  });
  bar.acts[1]?.focus();
  turn(0);
  addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(HOLDS_KEYS)) return;
      if (event.key === "Escape") return end();
      const step = TURNS[/** @type {keyof typeof TURNS} */ (event.key)];
      if (step === undefined) return;
      event.preventDefault();
      turn(step);
    },
    { signal: leave.signal },
  );
  const follow = () => {
    const place = slideOf(location.hash, slides);
    if (place >= 0) turn(place - now);
  };
  addEventListener("hashchange", follow, { signal: leave.signal });
}

/** The opening, then each block of each section; a section's heading comes with its first block. */
function gather() {
  const opening = [...document.querySelectorAll(".opening")];
  const sections = [...document.querySelectorAll(".section")].map((section) => {
    const [heading, first, ...rest] = section.children;
    return [[heading, first], ...rest.map((block) => [block])];
  });
  return [opening, ...sections.flat()].map((parts) => parts.filter((part) => part !== undefined));
}

/**
 * The slide to which a link in the text leads, or −1.
 * @param {string} hash of the page's address
 * @param {Element[][]} slides
 */
function slideOf(hash, slides) {
  const target = document.getElementById(decodeURIComponent(hash.slice(1).split("?", 1)[0] ?? ""));
  return slides.findIndex((parts) => parts.some((part) => part.contains(target) || target?.contains(part)));
}

function controls() {
  const whole = document.createElement("nav");
  whole.className = "slide-bar";
  whole.setAttribute("aria-label", WORDS.slides.slides);
  const acts = [WORDS.slides.back, WORDS.slides.next, WORDS.slides.leave].map((words) => {
    const button = document.createElement("button");
    button.className = "button";
    button.type = "button";
    button.textContent = words;
    return button;
  });
  const place = document.createElement("span");
  place.className = "mono";
  place.setAttribute("role", "status");
  whole.append(...acts, place);
  return { whole, acts, place };
}
